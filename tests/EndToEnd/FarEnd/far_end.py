#!/usr/bin/env python3
"""The far end of the directory channel, with nothing but files: written from docs/customs-exchange.md alone.

Takes what lies in OutBox, answers it with a communication receipt, and acts as Customs by a scenario. What it has done is in its
state file before it is seen, so it may be killed and started again.

    far_end.py FOLDER [--scenario NAME] [--state FILE] [--acts FOLDER] [--inside] [--double] [--once] [--poll SECONDS]
               [--review NUMBER AUTHORITY CATEGORY PRODUCT...]

An act by hand is a JSON file renamed into the folder of acts, and taken away when it is done:
    {"case": "202511000000026467", "type": "NotAccept", "opinion": "..."}; see act() and its callers for the other fields.
"""
import argparse
import base64
import datetime
import hashlib
import json
import os
import re
import sys
import time
import uuid
import xml.etree.ElementTree as ET

NAMESPACE = "urn:singlewindow-bridge:customs-exchange:1"
N = "{" + NAMESPACE + "}"
ET.register_namespace("", NAMESPACE)
PDF_BODY = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
PDF = PDF_BODY + (
    f"xref\n0 3\n{0:010} 65535 f \n{9:010} 00000 n \n{PDF_BODY.index(b'2 0 obj'):010} 00000 n \n"
    f"trailer<</Size 3/Root 1 0 R>>\nstartxref\n{len(PDF_BODY)}\n%%EOF\n").encode()


def act(kind, opinion="", **fields):
    return {"type": kind, "opinion": opinion, **fields}


TALK = {"Zh": "请就文本提出意见。", "En": "Please comment on the text."}
REVIEWED = [act("Received"), act("Accept")]
PASS_APPLICATION = REVIEWED + [act("Approve", "申请通过 passed"), act("OpenQuestionnaire")]
APPROVE_QUESTIONNAIRE = REVIEWED + [act("Approve", "问卷通过 approved")]
PASS_QUESTIONNAIRE = APPROVE_QUESTIONNAIRE + [act("ApproveAssessment"), act("OpenRound", text=TALK)]
RECTIFY = act("RequireRectification", "需要整改 rectify", requirements="1. 更新计划 update the plan", file="requirements.pdf")
PASS_RECTIFICATION = REVIEWED + [act("Approve"), act("OpenRound", text=TALK)]
COMPLETE_PROTOCOL = [
    act("Received"), act("CompleteNegotiation"), act("PublishProtocol", "已签署 signed", file="protocol.pdf"),
    act("PublishAnnouncement"), act("OpenRound", text=TALK)]
CONFIRM = [act("ConfirmCertificate", file="certificate.pdf"), act("Close", "办结 closed")]
COMPLETE_CERTIFICATE = [act("Received"), act("CompleteNegotiation")] + CONFIRM
NEXT_ROUND = [act("Received"), act("OpenRound", text=TALK)]
NOT_TAKEN_IN = [act("ReceiveFailed", reason="入库失败 could not be taken in")]
CORRECT = REVIEWED + [act("RequireCorrection", "请补齐补正 amend it")]

STRAIGHT = {
    "Application": [PASS_APPLICATION], "Questionnaire": [PASS_QUESTIONNAIRE], "Rectification": [PASS_RECTIFICATION],
    "ProtocolReply": [COMPLETE_PROTOCOL], "CertificateReply": [COMPLETE_CERTIFICATE], "Signatories": [[]],
    "ReviewAccepted": [[act("Received"), act("OpenQuestionnaire")]], "ReviewDeclined": [[act("Received")]],
}
# For each kind of submission what is done upon the first, the second and so on; the last of them stays.
SCENARIOS = {
    "straight_through": STRAIGHT,
    "with_signatories": {
        **STRAIGHT, "CertificateReply": [[act("Received"), act("CompleteNegotiation")]], "Signatories": [CONFIRM, []]},
    "application_correction": {**STRAIGHT, "Application": [CORRECT, PASS_APPLICATION]},
    "application_not_accepted": {**STRAIGHT, "Application": [[act("Received"), act("NotAccept", "不予受理 not accepted")]]},
    "application_rejected": {**STRAIGHT, "Application": [REVIEWED + [act("Reject", "不通过 rejected")]]},
    "questionnaire_correction": {**STRAIGHT, "Questionnaire": [CORRECT, PASS_QUESTIONNAIRE]},
    "questionnaire_not_accepted": {**STRAIGHT, "Questionnaire": [[act("Received"), act("NotAccept", "不予受理 not accepted")]]},
    "questionnaire_rejected": {**STRAIGHT, "Questionnaire": [APPROVE_QUESTIONNAIRE + [act("Reject", "不通过 rejected")]]},
    "one_rectification": {**STRAIGHT, "Questionnaire": [APPROVE_QUESTIONNAIRE + [RECTIFY]]},
    "two_rectifications": {
        **STRAIGHT, "Questionnaire": [APPROVE_QUESTIONNAIRE + [RECTIFY]], "Rectification": [REVIEWED + [RECTIFY], PASS_RECTIFICATION]},
    "rectification_correction": {
        **STRAIGHT, "Questionnaire": [APPROVE_QUESTIONNAIRE + [RECTIFY]], "Rectification": [CORRECT, PASS_RECTIFICATION]},
    "rectification_rejected": {
        **STRAIGHT, "Questionnaire": [APPROVE_QUESTIONNAIRE + [RECTIFY]], "Rectification": [REVIEWED + [act("Reject", "不通过 rejected")]]},
    "correction_and_two_rectifications": {
        **STRAIGHT, "Questionnaire": [CORRECT, APPROVE_QUESTIONNAIRE + [RECTIFY]],
        "Rectification": [REVIEWED + [RECTIFY], PASS_RECTIFICATION]},
    "three_negotiation_rounds": {
        **STRAIGHT, "ProtocolReply": [NEXT_ROUND, NEXT_ROUND, COMPLETE_PROTOCOL],
        "CertificateReply": [NEXT_ROUND, NEXT_ROUND, COMPLETE_CERTIFICATE]},
    "negotiation_rejected": {**STRAIGHT, "ProtocolReply": [[act("Received"), act("Reject", "未达成一致 no agreement")]]},
    "receive_failed": {
        **STRAIGHT, "Application": [NOT_TAKEN_IN, PASS_APPLICATION], "Questionnaire": [NOT_TAKEN_IN, PASS_QUESTIONNAIRE],
        "Rectification": [NOT_TAKEN_IN, PASS_RECTIFICATION], "ProtocolReply": [NOT_TAKEN_IN, COMPLETE_PROTOCOL],
        "CertificateReply": [NOT_TAKEN_IN, COMPLETE_CERTIFICATE]},
    "send_failed": {**STRAIGHT, "refuse_until_delivery": 2},
    # The review of a passed category needs no new protocol.
    "review_closed": {**STRAIGHT, "Questionnaire": [APPROVE_QUESTIONNAIRE + [act("ApproveAssessment"), act("Close", "办结 closed")]]},
    "manual": {kind: [[]] for kind in STRAIGHT},
}


class Refused(Exception):
    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


class FarEnd:
    def __init__(self, folder, scenario, state, inside, double):
        self.folder, self.scenario, self.inside, self.double = folder, SCENARIOS[scenario], inside, double
        self.state_file = state
        # taken: message id -> what was answered; cases: number -> counts of submissions and of receipts; due: what is to be written.
        self.state = {"taken": {}, "cases": {}, "due": [], "sequence": 0}
        if state and os.path.exists(state):
            with open(state, encoding="utf-8") as file:
                self.state = json.load(file)
        self.last = datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)
        self.give_due()

    # ---- what comes

    def take_all(self):
        out = os.path.join(self.folder, "OutBox")
        if not os.path.isdir(out):
            return 0
        names = sorted((n for n in os.listdir(out) if n.lower().endswith(".xml") and n[0] not in ".~"),
                       key=lambda n: (os.path.getmtime(os.path.join(out, n)), n))
        for name in names:
            self.take(os.path.join(out, name), name)
        return len(names)

    def take(self, path, name):
        with open(path, "rb") as file:
            content = file.read()
        message_id = re.search("_([0-9A-Fa-f-]{36})_", name).group(1).upper()
        try:
            head, body = self.read(content)
            message_id = head.findtext(N + "MessageId").strip().upper()
            # A repeat is answered as the first was, and has no effect.
            if message_id not in self.state["taken"]:
                self.check_files(body)
                if int(body.findtext(N + "Delivery")) < self.scenario.get("refuse_until_delivery", 0):
                    raise Refused(-204, "超时 timed out")
                self.plan(body, message_id)
                self.state["taken"][message_id] = name
            code, text = 0, ""
        except Refused as refused:
            code, text = refused.code, str(refused)
        except (ET.ParseError, ValueError, AttributeError) as wrong:
            code, text = -1, f"报文无法读取 unreadable: {wrong}"
        # First the answer, then the move: a file that was moved has been answered.
        self.state["sequence"] += 1
        self.state["due"].append(self.message("CommunicationReceipt", f"CommunicationReceipt_{message_id}_{uuid.uuid4().hex}.xml", [
            ("ResponseCode", code), ("ResponseMessage", text), ("ClientSequence", self.state["sequence"]),
            ("AnsweredMessageId", message_id), ("AnsweredFileName", name)]))
        self.save()
        self.give_due()
        os.replace(path, os.path.join(self.folder, "SentBox" if code == 0 else "FailBox", name))
        print(f"{'took' if code == 0 else 'refused'} {name} {text}", flush=True)

    @staticmethod
    def read(content):
        if b"<!" in content.replace(b"<!--", b""):
            raise Refused(-2, "不接受 DTD no document type")
        message = ET.fromstring(content)
        if message.tag != N + "Message" or message.get("version") != "1":
            raise Refused(-3, "版本未知 unknown version")
        head = message.find(N + "Head")
        body = ET.fromstring(base64.b64decode(message.findtext(N + "Body")))
        if body.tag != N + head.findtext(N + "MessageType"):
            raise Refused(-4, "类型不符 another type")
        return head, body

    def check_files(self, body):
        for file in [*body.iter(N + "File"), *body.iter(N + "SpecimenSignature")]:
            sha256, inside = file.findtext(N + "Sha256"), file.findtext(N + "Content")
            if inside is not None:
                content = base64.b64decode(inside)
            else:
                path = os.path.join(self.folder, "Attachments", sha256)
                if not os.path.exists(path):
                    raise Refused(-5, f"缺少附件 no such file: {sha256}")
                with open(path, "rb") as beside:
                    content = beside.read()
            if hashlib.sha256(content).hexdigest() != sha256 or len(content) != int(file.findtext(N + "SizeBytes")):
                raise Refused(-6, f"附件不符 another file: {sha256}")

    # ---- what Customs does

    def plan(self, body, message_id):
        kind = body.tag[len(N):]
        if kind == "NegotiationReply":
            kind = "ProtocolReply" if body.findtext(N + "Topic") == "PROTOCOL" else "CertificateReply"
        elif kind == "ReviewAnswer":
            kind = "ReviewAccepted" if body.findtext(N + "Accepted") in ("true", "1") else "ReviewDeclined"
        number = body.findtext(N + "CaseNumber")
        case = self.state["cases"].setdefault(number, {"sequence": 0, "counts": {}})
        count = case["counts"][kind] = case["counts"].get(kind, 0) + 1
        turns = self.scenario[kind]
        for planned in turns[min(count, len(turns)) - 1]:
            self.act(number, planned, message_id)

    def act(self, number, planned, answers=None):
        case = self.state["cases"].setdefault(number, {"sequence": 0, "counts": {}})
        case["sequence"] += 1
        fields = [("CaseNumber", number), ("Sequence", case["sequence"])]
        if answers:
            fields.append(("AnsweredMessageId", answers))
        fields += planned.get("fields", [])
        if "reason" in planned:
            fields.append(("FailureReason", planned["reason"]))
        if "requirements" in planned:
            fields += [("RectificationNumber", uuid.uuid4().hex[:18].upper()), ("Requirements", planned["requirements"])]
        if "text" in planned:
            fields.append(("Text", list(planned["text"].items())))
        if planned["opinion"]:
            fields.append(("Opinion", planned["opinion"]))
        if "file" in planned:
            fields.append(("Files", [("File", self.file(planned["file"]))]))
        message_id = str(uuid.uuid4()).upper()
        self.state["due"].append(self.message(planned["type"], f"{planned['type']}_{message_id}_t-1.xml", fields, message_id))

    def act_by_hand(self, folder):
        for name in sorted(n for n in os.listdir(folder) if n.endswith(".json")):
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8") as file:
                wanted = json.load(file)
            self.act(wanted.pop("case"), {"opinion": "", **wanted})
            self.save()
            os.remove(path)
            self.give_due()

    def start_review(self, number, authority, category, products):
        if number in self.state["cases"]:
            return
        self.act(number, act("StartReview", fields=[
            ("AuthorityId", authority), ("Category", category), ("Products", [("Product", product) for product in products]),
            ("Contact", [("Department", "进出口食品安全局"), ("Name", "王芳"), ("Position", "处长"), ("PhoneCountryCode", "86"),
                         ("PhoneAreaCode", "10"), ("PhoneNumber", "65194114"), ("Email", "review@customs.example")]),
            ("Summary", "回顾性检查 Retrospective review")]))
        self.save()
        self.give_due()

    def file(self, name):
        sha256 = hashlib.sha256(PDF).hexdigest()
        fields = [("Name", name), ("SizeBytes", len(PDF)), ("Sha256", sha256)]
        if self.inside:
            return fields + [("Content", base64.b64encode(PDF).decode())]
        path = os.path.join(self.folder, "Attachments", sha256)
        if not os.path.exists(path):
            self.write(path, PDF)
        return fields

    # ---- what goes

    def message(self, kind, name, fields, message_id=None):
        # Two messages have never the same time, so that their order can be seen.
        now = max(datetime.datetime.now(datetime.timezone.utc), self.last + datetime.timedelta(microseconds=1))
        self.last = now
        body = self.element(kind, fields)
        head = [("MessageId", message_id or str(uuid.uuid4()).upper()), ("Sender", "GACC"), ("Receivers", [("Receiver", "BRIDGE")]),
                ("CreatedAt", now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")), ("MessageType", kind), ("FileName", name)]
        message = self.element("Message", [("Head", head), ("Body", base64.b64encode(ET.tostring(body, "utf-8", xml_declaration=True)).decode())])
        message.set("version", "1")
        return {"name": name, "content": ET.tostring(message, "unicode")}

    def element(self, name, content):
        element = ET.Element(N + name)
        if isinstance(content, list):
            element.extend(self.element(child, inner) for child, inner in content)
        else:
            element.text = str(content)
        return element

    def give_due(self):
        """Writes what is due. After a kill the same files are written again, under the same names and ids."""
        for due in self.state["due"]:
            content = ('<?xml version="1.0" encoding="utf-8"?>\n' + due["content"]).encode()
            self.write(os.path.join(self.folder, "InBox", due["name"]), content)
            if self.double:
                self.write(os.path.join(self.folder, "InBox", "again_" + due["name"]), content)
            print(f"gave {due['name']}", flush=True)
        if self.state["due"]:
            self.state["due"] = []
            self.save()

    def write(self, path, content):
        """Writes aside, has it on disk, and renames it into place."""
        temp = os.path.join(self.folder, "TempBox", uuid.uuid4().hex + ".tmp")
        with open(temp, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temp, path)

    def save(self):
        if not self.state_file:
            return
        temp = self.state_file + ".tmp"
        with open(temp, "w", encoding="utf-8") as file:
            json.dump(self.state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temp, self.state_file)


def main():
    parser = argparse.ArgumentParser(description="The far end of the directory channel.")
    parser.add_argument("folder")
    parser.add_argument("--scenario", default="straight_through", choices=sorted(SCENARIOS))
    parser.add_argument("--state", help="where it keeps what it has done; none: it forgets when it ends")
    parser.add_argument("--acts", help="a folder where acts by hand are put")
    parser.add_argument("--inside", action="store_true", help="files travel inside the messages")
    parser.add_argument("--double", action="store_true", help="gives every receipt twice")
    parser.add_argument("--once", action="store_true", help="takes what lies there now, and ends")
    parser.add_argument("--poll", type=float, default=0.05, help="how often it looks, in seconds")
    parser.add_argument("--review", nargs="+", metavar=("NUMBER", "AUTHORITY"), help="starts a review: number, authority, category, products")
    arguments = parser.parse_args()
    for name in ("OutBox", "SentBox", "InBox", "FailBox", "TempBox", "Attachments"):
        os.makedirs(os.path.join(arguments.folder, name), exist_ok=True)
    end = FarEnd(arguments.folder, arguments.scenario, arguments.state, arguments.inside, arguments.double)
    if arguments.review:
        number, authority, category, *products = arguments.review
        end.start_review(number, authority, category, products)
    while True:
        if arguments.acts:
            end.act_by_hand(arguments.acts)
        taken = end.take_all()
        if arguments.once:
            return
        if not taken:
            time.sleep(arguments.poll)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(0)
