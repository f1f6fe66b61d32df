#!/usr/bin/python3
"""Calls the bridge with gRPC's C core, over messages that protoc made of the contract.

usage: c_core.py BRIDGE_PORT INTEROP_PORT KEY    prints a line for each case: case, tab, "ok" or what went wrong
"""
import hashlib
import os
import sys
import threading
import uuid

import grpc
from google.rpc import error_details_pb2, status_pb2
import health_pb2
import interop_pb2
from singlewindow.bridge.v1 import (
    application_service_pb2 as applications,
    catalogue_service_pb2 as catalogue,
    error_details_pb2 as problems,
    file_service_pb2 as files,
    receipt_service_pb2 as receipts,
)

bridge = grpc.insecure_channel(f"127.0.0.1:{sys.argv[1]}")
interop = grpc.insecure_channel(f"127.0.0.1:{sys.argv[2]}")
KEY = (("authorization", f"Bearer {sys.argv[3]}"),)
PATIENCE = 20
PAGES = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
TABLE = 4_194_304 - 160
FILE = PAGES + b"%%%b\n" % os.urandom(TABLE - len(PAGES) - 2) + (
    f"xref\n0 3\n{0:010} 65535 f \n{9:010} 00000 n \n{PAGES.index(b'2 0 obj'):010} 00000 n \n"
    f"trailer<</Size 3/Root 1 0 R>>\nstartxref\n{TABLE}\n%%EOF").encode().ljust(160)
known = {}
failed = 0


def method(kind, service, name, request, response, channel=bridge):
    return getattr(channel, kind)(
        f"/{service}/{name}", request_serializer=request.SerializeToString, response_deserializer=response.FromString)


PACKAGE = "singlewindow.bridge.v1"
list_categories = method(
    "unary_unary", f"{PACKAGE}.CatalogueService", "ListCategories", catalogue.ListCategoriesRequest, catalogue.ListCategoriesResponse)
upload = method("stream_unary", f"{PACKAGE}.FileService", "UploadFile", files.UploadFileRequest, files.UploadFileResponse)
download = method("unary_stream", f"{PACKAGE}.FileService", "DownloadFile", files.DownloadFileRequest, files.DownloadFileResponse)
submit = method(
    "unary_unary", f"{PACKAGE}.ApplicationService", "SubmitApplication",
    applications.SubmitApplicationRequest, applications.SubmitApplicationResponse)
watch = method(
    "unary_stream", f"{PACKAGE}.ReceiptService", "WatchReceipts", receipts.WatchReceiptsRequest, receipts.WatchReceiptsResponse)


def same(expected, actual, what):
    assert expected == actual, f"{what}: expected {expected!r}, got {actual!r}"


def refused(code, call):
    """The error of a call that has to fail, with its details by type."""
    try:
        call()
    except grpc.RpcError as error:
        same(code, error.code(), "status")
        packed = dict(error.trailing_metadata()).get("grpc-status-details-bin")
        assert packed is not None, "there are no details"
        status = status_pb2.Status.FromString(packed)
        same(error.code().value[0], status.code, "code in the details")
        same(error.details(), status.message, "message in the details")
        found = {}
        for detail in status.details:
            for kind in (error_details_pb2.ErrorInfo, error_details_pb2.BadRequest, error_details_pb2.LocalizedMessage, problems.FieldProblems):
                if detail.Is(kind.DESCRIPTOR):
                    message = kind()
                    detail.Unpack(message)
                    found.setdefault(kind.__name__, []).append(message)
        return found
    raise AssertionError(f"the call went well where it had to end with {code}")


def application():
    form = applications.SubmitApplicationRequest(request_id=str(uuid.uuid4())).application
    form.category = known["category"].code
    form.products.append(known["category"].products[0].code)
    form.contact.department = "Fisheries"
    form.contact.name = "A. Croes"
    form.contact.position = "Head of Exports"
    form.contact.phone.country_code = "297"
    form.contact.phone.number = "5820000"
    form.contact.email = "a.croes@authority.example"
    form.summary = "冻金枪鱼 frozen yellowfin tuna"
    form.file_ids.append(known["file"].file_id)
    return form


def submit_one():
    request = applications.SubmitApplicationRequest(request_id=str(uuid.uuid4()), application=application())
    return submit(request, metadata=KEY, timeout=PATIENCE).case


def unary():
    found = list_categories(catalogue.ListCategoriesRequest(), metadata=KEY, timeout=PATIENCE).categories
    known["category"] = next(category for category in found if category.code == "AQUATIC")
    assert known["category"].name.zh and known["category"].products[0].in_scope, "the category is not as the catalogue has it"


def upload_file():
    def parts():
        yield files.UploadFileRequest(header=files.UploadFileHeader(
            request_id=str(uuid.uuid4()), name="form.pdf", size_bytes=len(FILE), sha256=hashlib.sha256(FILE).hexdigest()))
        for at in range(0, len(FILE), 1_048_576):
            yield files.UploadFileRequest(chunk=FILE[at:at + 1_048_576])

    known["file"] = upload(parts(), metadata=KEY, timeout=PATIENCE).file
    same(hashlib.sha256(FILE).hexdigest(), known["file"].sha256, "hash")
    same("application/pdf", known["file"].media_type, "media type")


def download_file():
    for offset in (0, 4_000_001):
        request = files.DownloadFileRequest(file_id=known["file"].file_id, offset=offset)
        first, *rest = download(request, metadata=KEY, timeout=PATIENCE)
        same(known["file"], first.file, "description")
        same(hashlib.sha256(FILE[offset:]).digest(), hashlib.sha256(b"".join(part.chunk for part in rest)).digest(), "content")


def submit_application():
    known["case"] = submit_one()
    same(18, len(known["case"].number), "length of the official number")


def watch_catch_up():
    numbers, seen = [], set()
    for message in watch(receipts.WatchReceiptsRequest(after_number=0), metadata=KEY, timeout=PATIENCE):
        if message.WhichOneof("message") == "caught_up":
            same(message.caught_up.number, numbers[-1], "last number")
            break
        numbers.append(message.receipt.number)
        seen.add(message.receipt.case_id)
    same(list(range(1, len(numbers) + 1)), numbers, "numbers")
    assert known["case"].case_id in seen, "the case has no receipt"


def watch_live():
    call = watch(receipts.WatchReceiptsRequest(only_new=True), metadata=KEY, timeout=PATIENCE)
    messages = iter(call)
    while next(messages).WhichOneof("message") != "caught_up":
        pass
    case = submit_one()
    mine = next(m.receipt for m in messages if m.receipt.case_id == case.case_id)
    same("SUBMIT", mine.DESCRIPTOR.fields_by_name["event"].enum_type.values_by_number[mine.event].name[11:], "event")
    call.cancel()
    resumed = watch(receipts.WatchReceiptsRequest(after_cursor=mine.cursor), metadata=KEY, timeout=PATIENCE)
    same(mine.number + 1, next(m.receipt.number for m in resumed if m.WhichOneof("message") == "receipt"), "number after the cursor")
    resumed.cancel()


def cancel():
    call = watch(receipts.WatchReceiptsRequest(only_new=True), metadata=KEY, timeout=PATIENCE)
    next(iter(call))
    threading.Timer(0.1, call.cancel).start()
    try:
        for _ in call:
            pass
    except grpc.RpcError as error:
        same(grpc.StatusCode.CANCELLED, error.code(), "status")
        return
    raise AssertionError("the stream ended well")


def deadline():
    try:
        for _ in watch(receipts.WatchReceiptsRequest(only_new=True), metadata=KEY, timeout=0.3):
            pass
    except grpc.RpcError as error:
        same(grpc.StatusCode.DEADLINE_EXCEEDED, error.code(), "status")
        return
    raise AssertionError("the stream ended well")


def rich_error():
    form = application()
    form.contact.email = "nowhere"
    del form.products[:]
    request = applications.SubmitApplicationRequest(request_id=str(uuid.uuid4()), application=form)
    found = refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: submit(request, metadata=KEY, timeout=PATIENCE))
    same(("FIELD_INVALID", "singlewindow.bridge"), (found["ErrorInfo"][0].reason, found["ErrorInfo"][0].domain), "reason")
    fields = ["application.products", "application.contact.email"]
    same(fields, [violation.field for violation in found["BadRequest"][0].field_violations], "fields")
    same(fields, [problem.field for problem in found["FieldProblems"][0].problems], "fields of the problems")
    assert all(problem.message.zh and problem.message.en for problem in found["FieldProblems"][0].problems), "a problem lacks a language"
    same({"zh-CN", "en"}, {text.locale for text in found["LocalizedMessage"]}, "languages")


def unauthenticated():
    found = refused(
        grpc.StatusCode.UNAUTHENTICATED, lambda: list_categories(catalogue.ListCategoriesRequest(), timeout=PATIENCE))
    same("CREDENTIALS_MISSING", found["ErrorInfo"][0].reason, "reason")


def health():
    ask = health_pb2.HealthCheckRequest(service=f"{PACKAGE}.CaseService")
    check = method("unary_unary", "grpc.health.v1.Health", "Check", health_pb2.HealthCheckRequest, health_pb2.HealthCheckResponse)
    same(health_pb2.HealthCheckResponse.SERVING, check(ask, timeout=PATIENCE).status, "status")
    follow = method("unary_stream", "grpc.health.v1.Health", "Watch", health_pb2.HealthCheckRequest, health_pb2.HealthCheckResponse)
    call = follow(ask, timeout=PATIENCE)
    same(health_pb2.HealthCheckResponse.SERVING, next(iter(call)).status, "first status watched")
    call.cancel()


def special_status_message():
    call = method(
        "unary_unary", "grpc.testing.TestService", "UnaryCall", interop_pb2.SimpleRequest, interop_pb2.SimpleResponse, interop)
    text = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
    try:
        call(interop_pb2.SimpleRequest(response_status=interop_pb2.EchoStatus(code=2, message=text)), timeout=PATIENCE)
    except grpc.RpcError as error:
        same((grpc.StatusCode.UNKNOWN, text), (error.code(), error.details()), "status")
        return
    raise AssertionError("the call went well")


for name, case in {
    "special_status_message": special_status_message, "health": health, "unary": unary, "unauthenticated": unauthenticated,
    "upload": upload_file, "download": download_file, "submit": submit_application, "watch_catch_up": watch_catch_up,
    "watch_live": watch_live, "cancel": cancel, "deadline": deadline, "rich_error": rich_error,
}.items():
    outcome = "ok"
    try:
        case()
    except Exception as error:  # Whatever it is, the other cases still count.
        outcome = " ".join(f"{type(error).__name__} {error}".split())
        failed += 1
    print(f"{name}\t{outcome}", flush=True)
sys.exit(failed > 0)
