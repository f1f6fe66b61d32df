// Files an application with China Customs and waits until Customs has dealt with it: file_case.js [ENDPOINT [KEY]]
import { createHash, randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { Code, ConnectError, createClient, type Interceptor } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { ApplicationService } from "./generated/singlewindow/bridge/v1/application_service_pb.js";
import { Stage, Status } from "./generated/singlewindow/bridge/v1/case_pb.js";
import { FileService } from "./generated/singlewindow/bridge/v1/file_service_pb.js";
import type { Receipt } from "./generated/singlewindow/bridge/v1/receipt_pb.js";
import { ReceiptService } from "./generated/singlewindow/bridge/v1/receipt_service_pb.js";

const [endpoint = "http://127.0.0.1:5080", key = "swb_sandbox_aruba_try_me"] = process.argv.slice(2);
const statePath = "file_case.json";
const letterPath = new URL("../../BackOffice/inputs/files/aquatic-application.pdf", import.meta.url);

const withKey: Interceptor = (next) => (request) => {
  request.header.set("authorization", `Bearer ${key}`);
  return next(request);
};
const transport = createGrpcTransport({ baseUrl: endpoint, interceptors: [withKey] });
const isUnavailable = (error: unknown) => ConnectError.from(error).code === Code.Unavailable;

interface State {
  upload: string;
  submit: string;
  cursor?: string;
}

// Request ids are kept before they are used, so that this may be stopped anywhere and started again: nothing is filed twice.
async function keep(state: State): Promise<void> {
  const file = await open(`${statePath}.new`, "w");
  await file.writeFile(JSON.stringify(state));
  await file.sync();
  await file.close();
  await rename(`${statePath}.new`, statePath);
}

// Every change may be repeated with the same request id; Unavailable is the only answer that asks for it.
async function call<T>(rpc: () => Promise<T>, attempts = 8): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await rpc();
    } catch (error) {
      if (!isUnavailable(error) || attempt === attempts - 1) throw error;
      await pause(Math.min(250 * 2 ** attempt, 5000));
    }
  }
}

async function* parts(requestId: string, content: Buffer) {
  const sha256 = createHash("sha256").update(content).digest("hex");
  yield {
    part: { case: "header" as const, value: { requestId, name: "application.pdf", sizeBytes: BigInt(content.length), sha256 } },
  };
  for (let start = 0; start < content.length; start += 65536)
    yield { part: { case: "chunk" as const, value: content.subarray(start, start + 65536) } };
}

// Gives every receipt after a cursor; a cut stream is taken up again where it was.
async function* follow(cursor?: string): AsyncGenerator<Receipt> {
  const client = createClient(ReceiptService, transport);
  for (;;) {
    const end = new AbortController();
    try {
      const from = cursor ? { case: "afterCursor" as const, value: cursor } : { case: "afterNumber" as const, value: 0n };
      for await (const { message } of client.watchReceipts({ from }, { signal: end.signal })) {
        if (message.case !== "receipt") continue;
        cursor = message.value.cursor;
        yield message.value;
      }
    } catch (error) {
      if (!isUnavailable(error)) throw error;
    } finally {
      end.abort(); // Whoever follows may leave the loop; the stream must not stay open for that.
    }
    await pause(500);
  }
}

const state: State = existsSync(statePath)
  ? JSON.parse(readFileSync(statePath, "utf8"))
  : { upload: randomUUID(), submit: randomUUID() };
await keep(state);
const letter = await call(() => createClient(FileService, transport).uploadFile(parts(state.upload, readFileSync(letterPath))));
const { case: filed } = await call(() =>
  createClient(ApplicationService, transport).submitApplication({
    requestId: state.submit,
    application: {
      category: "AQUATIC",
      products: ["AQUATIC_WILD"],
      fileIds: [letter.file!.fileId],
      summary: "冻金枪鱼 frozen yellowfin tuna, Thunnus albacares",
      contact: {
        department: "Fisheries",
        name: "A. Croes",
        position: "Head of exports",
        email: "a.croes@authority.example",
        phone: { countryCode: "297", number: "5820000" },
      },
    },
  }),
);
console.log(`Filed ${filed!.number}`);
for await (const receipt of follow(state.cursor)) {
  if (receipt.caseId === filed!.caseId) {
    console.log(`${receipt.number} ${Stage[receipt.stage]} ${Status[receipt.status]} ${receipt.opinion}`);
    if (receipt.stage > Stage.APPLICATION || receipt.status === Status.NOT_ACCEPTED) break;
  }
  await keep({ ...state, cursor: receipt.cursor });
}
