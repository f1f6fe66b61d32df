// Calls the bridge with @grpc/grpc-js, over the contract's own proto files.
// usage: grpc_js.js BRIDGE_PORT INTEROP_PORT KEY PROTO_FOLDER...    prints a line for each case: case, tab, "ok" or what went wrong
'use strict';
const assert = require('node:assert');
const { createHash, randomBytes, randomUUID } = require('node:crypto');
const { once, on } = require('node:events');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [bridgePort, interopPort, key, ...includeDirs] = process.argv.slice(2);
const definition = loader.loadSync(
  ['application', 'catalogue', 'file', 'receipt'].map(name => `singlewindow/bridge/v1/${name}_service.proto`).concat(
    'singlewindow/bridge/v1/error_details.proto', 'grpc/health/v1/health.proto', 'interop.proto',
    'google/rpc/status.proto', 'google/rpc/error_details.proto'),
  { includeDirs, keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true });
const loaded = grpc.loadPackageDefinition(definition);
const v1 = loaded.singlewindow.bridge.v1;

const client = (service, port) => new service(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
const applications = client(v1.ApplicationService, bridgePort);
const catalogue = client(v1.CatalogueService, bridgePort);
const files = client(v1.FileService, bridgePort);
const receipts = client(v1.ReceiptService, bridgePort);
const healthClient = client(loaded.grpc.health.v1.Health, bridgePort);
const interop = client(loaded.grpc.testing.TestService, interopPort);

const pages = '%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n';
const table = 4_194_304 - 160;
const entry = at => `${String(at).padStart(10, '0')} 00000 n \n`;
const end = `xref\n0 3\n0000000000 65535 f \n${entry(9)}${entry(pages.indexOf('2 0 obj'))}`
  + `trailer<</Size 3/Root 1 0 R>>\nstartxref\n${table}\n%%EOF`;
const file = Buffer.concat([
  Buffer.from(`${pages}%`), randomBytes(table - pages.length - 2), Buffer.from(`\n${end.padEnd(160)}`),
]);
const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');
const known = {};

const metadata = () => {
  const headers = new grpc.Metadata();
  headers.set('authorization', `Bearer ${key}`);
  return headers;
};
const soon = (ms = 20_000) => ({ deadline: Date.now() + ms });
const unaryCall = (stub, name, request, headers = metadata()) =>
  new Promise((resolve, reject) => stub[name](request, headers, soon(), (error, answer) => error ? reject(error) : resolve(answer)));
const watch = (request, options = soon()) => receipts.WatchReceipts(request, metadata(), options);

const kinds = ['google.rpc.ErrorInfo', 'google.rpc.BadRequest', 'google.rpc.LocalizedMessage', 'singlewindow.bridge.v1.FieldProblems'];
const read = (kind, bytes) => definition[kind].deserialize(bytes);

async function refused(code, call) {
  const error = await call.then(() => assert.fail(`the call went well where it had to end with ${code}`), error => error);
  assert.strictEqual(error.code, code, error.message);
  const [packed] = error.metadata.get('grpc-status-details-bin');
  assert.ok(packed, 'there are no details');
  const status = read('google.rpc.Status', packed);
  assert.strictEqual(status.message, error.details);
  const found = {};
  for (const detail of status.details) {
    const kind = kinds.find(name => detail.type_url === `type.googleapis.com/${name}`);
    if (kind)
      (found[kind.split('.').pop()] ??= []).push(read(kind, detail.value));
  }
  return found;
}

const application = () => ({
  category: known.category.code, products: [known.category.products[0].code],
  contact: {
    department: 'Fisheries', name: 'A. Croes', position: 'Head of Exports', email: 'a.croes@authority.example',
    phone: { country_code: '297', number: '5820000' },
  },
  summary: '冻金枪鱼 frozen yellowfin tuna', file_ids: [known.file.file_id],
});
const submitOne = async () =>
  (await unaryCall(applications, 'SubmitApplication', { request_id: randomUUID(), application: application() })).case;

// The messages of a stream until one that is looked for; the stream goes on.
async function until(stream, wanted) {
  const seen = [];
  for await (const [message] of on(stream, 'data', { close: ['end'] })) {
    seen.push(message);
    if (wanted(message))
      return seen;
  }
  throw new Error('the stream ended');
}
const cut = stream => {
  stream.on('error', () => {});
  stream.cancel();
};
const endOf = async stream => {
  stream.on('data', () => {});
  const [error] = await once(stream, 'error', { captureRejections: true }).catch(error => [error]);
  return error.code;
};

const cases = {
  async special_status_message() {
    const message = '\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n';
    const error = await unaryCall(interop, 'UnaryCall', { response_status: { code: 2, message } }).catch(error => error);
    assert.deepStrictEqual([error.code, error.details], [grpc.status.UNKNOWN, message]);
  },
  async health() {
    const service = 'singlewindow.bridge.v1.CaseService';
    assert.strictEqual((await unaryCall(healthClient, 'Check', { service }, new grpc.Metadata())).status, 'SERVING');
    const stream = healthClient.Watch({ service }, soon());
    const [[first]] = [await once(stream, 'data')];
    assert.strictEqual(first.status, 'SERVING');
    cut(stream);
  },
  async unary() {
    known.category = (await unaryCall(catalogue, 'ListCategories', {})).categories.find(category => category.code === 'AQUATIC');
    assert.ok(known.category.name.zh && known.category.products[0].in_scope);
  },
  async unauthenticated() {
    const found = await refused(grpc.status.UNAUTHENTICATED, unaryCall(catalogue, 'ListCategories', {}, new grpc.Metadata()));
    assert.strictEqual(found.ErrorInfo[0].reason, 'CREDENTIALS_MISSING');
  },
  async upload() {
    known.file = (await new Promise((resolve, reject) => {
      const call = files.UploadFile(metadata(), soon(), (error, answer) => error ? reject(error) : resolve(answer));
      call.write({ header: { request_id: randomUUID(), name: 'form.pdf', size_bytes: file.length, sha256: sha256(file) } });
      for (let at = 0; at < file.length; at += 1_048_576)
        call.write({ chunk: file.subarray(at, at + 1_048_576) });
      call.end();
    })).file;
    assert.deepStrictEqual([known.file.sha256, known.file.media_type], [sha256(file), 'application/pdf']);
  },
  async download() {
    for (const offset of [0, 4_000_001]) {
      const parts = await files.DownloadFile({ file_id: known.file.file_id, offset }, metadata(), soon()).toArray();
      assert.deepStrictEqual(parts[0].file, known.file);
      assert.strictEqual(sha256(Buffer.concat(parts.slice(1).map(part => part.chunk))), sha256(file.subarray(offset)));
    }
  },
  async submit() {
    known.case = await submitOne();
    assert.strictEqual(known.case.number.length, 18);
  },
  async watch_catch_up() {
    const stream = watch({ after_number: 0 });
    const seen = await until(stream, message => message.caught_up);
    cut(stream);
    const numbers = seen.slice(0, -1).map(message => message.receipt.number);
    assert.deepStrictEqual(numbers, numbers.map((_, index) => index + 1));
    assert.strictEqual(seen.at(-1).caught_up.number, numbers.at(-1));
    assert.ok(seen.some(message => message.receipt?.case_id === known.case.case_id), 'the case has no receipt');
  },
  async watch_live() {
    const stream = watch({ only_new: true });
    await until(stream, message => message.caught_up);
    const messages = on(stream, 'data', { close: ['end'] }); // Keeps what comes while the submit is under way.
    const mine = await submitOne();
    let receipt;
    for await (const [message] of messages) {
      receipt = message.receipt;
      if (receipt?.case_id === mine.case_id)
        break;
    }
    assert.strictEqual(receipt.event, 'CASE_EVENT_SUBMIT');
    cut(stream);
    const resumed = watch({ after_cursor: receipt.cursor });
    const next = (await until(resumed, message => message.receipt)).at(-1);
    assert.strictEqual(next.receipt.number, receipt.number + 1);
    cut(resumed);
  },
  async cancel() {
    const stream = watch({ only_new: true });
    await until(stream, message => message.caught_up);
    setImmediate(() => stream.cancel());
    assert.strictEqual(await endOf(stream), grpc.status.CANCELLED);
  },
  async deadline() {
    assert.strictEqual(await endOf(watch({ only_new: true }, soon(300))), grpc.status.DEADLINE_EXCEEDED);
  },
  async rich_error() {
    const form = { ...application(), products: [] };
    form.contact.email = 'nowhere';
    const found = await refused(
      grpc.status.INVALID_ARGUMENT, unaryCall(applications, 'SubmitApplication', { request_id: randomUUID(), application: form }));
    assert.deepStrictEqual([found.ErrorInfo[0].reason, found.ErrorInfo[0].domain], ['FIELD_INVALID', 'singlewindow.bridge']);
    const fields = ['application.products', 'application.contact.email'];
    assert.deepStrictEqual(found.BadRequest[0].field_violations.map(violation => violation.field), fields);
    assert.deepStrictEqual(found.FieldProblems[0].problems.map(problem => problem.field), fields);
    assert.ok(found.FieldProblems[0].problems.every(problem => problem.message.zh && problem.message.en), 'a problem lacks a language');
    assert.deepStrictEqual(found.LocalizedMessage.map(text => text.locale).sort(), ['en', 'zh-CN']);
  },
};

(async () => {
  let failed = 0;
  for (const [name, run] of Object.entries(cases)) {
    let outcome = 'ok';
    try {
      await run();
    } catch (error) {
      outcome = String(error.message ?? error).replace(/\s+/g, ' ');
      failed++;
    }
    console.log(`${name}\t${outcome}`);
  }
  process.exit(failed > 0 ? 1 : 0);
})();
