"""Files an application with China Customs and waits until Customs has dealt with it.

    ./generate.sh generated
    PYTHONPATH=generated python3 file_case.py [ENDPOINT [KEY]]
"""

import hashlib
import json
import os
import pathlib
import sys
import time
import uuid

import grpc
from singlewindow.bridge.v1 import application_pb2 as application
from singlewindow.bridge.v1 import application_service_pb2 as applications
from singlewindow.bridge.v1 import application_service_pb2_grpc as application_service
from singlewindow.bridge.v1 import case_pb2 as cases
from singlewindow.bridge.v1 import contact_pb2 as contact
from singlewindow.bridge.v1 import file_service_pb2 as files
from singlewindow.bridge.v1 import file_service_pb2_grpc as file_service
from singlewindow.bridge.v1 import receipt_service_pb2 as receipts
from singlewindow.bridge.v1 import receipt_service_pb2_grpc as receipt_service

ENDPOINT = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:5080"
KEY = sys.argv[2] if len(sys.argv) > 2 else "swb_sandbox_aruba_try_me"
HEADERS = [("authorization", f"Bearer {KEY}")]
STATE = pathlib.Path("file_case.json")
LETTER = pathlib.Path(__file__).parent.parent / "BackOffice/inputs/files/aquatic-application.pdf"


def remember(**changes):
    """Request ids are kept before they are used, so that this may be stopped anywhere and started again: nothing is filed twice."""
    state = json.loads(STATE.read_text()) if STATE.exists() else {}
    state.update({name: value for name, value in changes.items() if name not in state or name == "cursor"})
    aside = STATE.with_suffix(".new")
    with open(aside, "w") as file:
        json.dump(state, file)
        file.flush()
        os.fsync(file.fileno())
    aside.rename(STATE)
    return state


def call(rpc, request, attempts=8):
    """Every change may be repeated with the same request id; UNAVAILABLE is the only answer that asks for it."""
    for attempt in range(attempts):
        try:
            return rpc(request() if callable(request) else request, metadata=HEADERS, timeout=30)
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE or attempt == attempts - 1:
                raise
            time.sleep(min(0.25 * 2**attempt, 5))


def upload(stub, request_id, path):
    content = path.read_bytes()
    header = files.UploadFileHeader(
        request_id=request_id, name=path.name, size_bytes=len(content), sha256=hashlib.sha256(content).hexdigest())

    def parts():
        yield files.UploadFileRequest(header=header)
        for start in range(0, len(content), 65536):
            yield files.UploadFileRequest(chunk=content[start:start + 65536])

    return call(stub.UploadFile, parts).file.file_id


def follow(stub, cursor):
    """Gives every receipt after a cursor; a cut stream is taken up again where it was."""
    while True:
        try:
            request = receipts.WatchReceiptsRequest(**({"after_cursor": cursor} if cursor else {"after_number": 0}))
            for message in stub.WatchReceipts(request, metadata=HEADERS):
                if message.WhichOneof("message") == "receipt":
                    cursor = message.receipt.cursor
                    yield message.receipt
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                raise
        time.sleep(0.5)


def main():
    state = remember(upload=str(uuid.uuid4()), submit=str(uuid.uuid4()))
    with grpc.insecure_channel(ENDPOINT) as channel:
        letter = upload(file_service.FileServiceStub(channel), state["upload"], LETTER)
        form = application.Application(
            category="AQUATIC", products=["AQUATIC_WILD"], file_ids=[letter],
            summary="冻金枪鱼 frozen yellowfin tuna, Thunnus albacares",
            contact=contact.Contact(
                department="Fisheries", name="A. Croes", position="Head of exports", email="a.croes@authority.example",
                phone=contact.PhoneNumber(country_code="297", number="5820000")))
        submitted = call(
            application_service.ApplicationServiceStub(channel).SubmitApplication,
            applications.SubmitApplicationRequest(request_id=state["submit"], application=form)).case
        print(f"Filed {submitted.number}", flush=True)
        for receipt in follow(receipt_service.ReceiptServiceStub(channel), state.get("cursor")):
            if receipt.case_id == submitted.case_id:
                stage, status = cases.Stage.Name(receipt.stage), cases.Status.Name(receipt.status)
                print(f"{receipt.number} {stage} {status} {receipt.opinion}", flush=True)
                if receipt.stage > cases.STAGE_APPLICATION or receipt.status == cases.STATUS_NOT_ACCEPTED:
                    break
            remember(cursor=receipt.cursor)


if __name__ == "__main__":
    main()
