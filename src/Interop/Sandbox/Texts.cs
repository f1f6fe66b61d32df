using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>What the simulated Customs writes: opinions, a Chinese line and an English one, and texts of negotiation.</summary>
internal static class Texts
{
    public const string NotTakenIn =
        "海关入库失败：附件清单与报文内容不一致，请核对后重新提交。\n" +
        "Customs could not take the message in: the list of attachments does not match it. Please check and submit again.";

    public const string ApplicationApproved =
        "申请材料齐全，符合形式要求，审核通过，请填写问卷。\n" +
        "The application is complete and in due form. Approved; please fill in the questionnaire.";

    public const string ApplicationCorrection =
        "申请函缺少主管当局负责人签字或公章，且未列明产品的拉丁文学名，请补齐补正后提交。\n" +
        "The letter of application lacks the signature or seal of the person in charge, and the Latin names of the " +
        "products are missing. Please amend and submit again.";

    public const string ApplicationNotAccepted =
        "所申请产品不属于贵主管当局的食品管理范围，不予受理。\n" +
        "The products applied for are not within the remit of your authority. The application is not accepted.";

    public const string ApplicationRejected =
        "贵国现有疫情疫病状况不符合该类产品输华的检疫准入条件，审核不通过。\n" +
        "The present situation of pests and diseases in your country does not meet the quarantine conditions for these " +
        "products. Rejected.";

    public const string QuestionnaireApproved =
        "答卷材料完整，审核通过，进入评估阶段。\n" +
        "The questionnaire is complete. Approved; the case goes on to assessment.";

    public const string QuestionnaireCorrection =
        "第三部分“官方控制及监督”未说明残留监控计划的抽样数量，第四部分缺少实验室认可证书，请补齐补正。\n" +
        "Part 3, official control and supervision, does not give the sample numbers of the residue monitoring plan; part " +
        "4 lacks the accreditation certificates of the laboratories. Please amend and submit again.";

    public const string QuestionsMarked =
        "所标记的问题回答不够完整，请补充说明并更新附件后提交。\n" +
        "The answers to the questions marked are not complete. Please add to them, bring their files up to date and submit again.";

    public const string QuestionnaireNotAccepted =
        "答卷所述监管体系与所申请产品不符，无法开展评估，不予受理。\n" +
        "The control system described is not that of the products applied for, so it cannot be assessed. Not accepted.";

    public const string AssessmentApproved =
        "经评估，贵国该类产品的食品安全管理体系总体符合中方要求，评估通过。\n" +
        "The food safety management system for these products meets the requirements of China on the whole. The " +
        "assessment is passed.";

    public const string AssessmentRejected =
        "经评估，贵国对残留和污染物的官方控制不能保证产品符合中国食品安全国家标准，评估不通过。\n" +
        "The official control of residues and contaminants does not ensure that the products meet the national food safety " +
        "standards of China. The assessment is not passed.";

    public const string RectificationRound1 =
        "评估发现不符合项，请按要求整改并提交整改情况说明及证明材料。\n" +
        "The assessment found non-conformities. Please rectify them as required and submit a statement with evidence.";

    public const string RectificationRequirements1 =
        "1. 完善对生产加工企业的官方监督检查制度，并提供检查记录；2. 修订残留监控计划，覆盖中国禁用物质清单；" +
        "3. 说明不合格产品的召回程序。\n" +
        "1. Complete the system of official inspection of establishments, with records of inspections. 2. Extend the residue " +
        "monitoring plan to the substances banned in China. 3. Describe how products that fail are recalled.";

    public const string RectificationRound2 =
        "整改情况说明尚不充分，请按新的整改要求继续整改。\n" +
        "The statement of rectification is not sufficient yet. Please go on as the new requirements say.";

    public const string RectificationRequirements2 =
        "1. 提供修订后的残留监控计划实施三个月的检测数据；2. 提供官方检查人员培训与考核记录。\n" +
        "1. Give the test results of the first three months under the revised residue monitoring plan. 2. Give the records of " +
        "training and examination of the official inspectors.";

    public const string RectificationApproved =
        "整改措施有效，证明材料充分，评估通过。\n" +
        "The measures are effective and the evidence is sufficient. The assessment is passed.";

    public const string RectificationCorrection =
        "整改证明材料扫描件不清晰，且第2项缺少译文，请补齐补正后提交。\n" +
        "The scanned evidence is not legible, and item 2 lacks a translation. Please amend and submit again.";

    public const string RectificationRejected =
        "整改后仍存在系统性问题，不能保证输华产品安全，审核不通过。\n" +
        "Systemic problems remain after the rectification, so the safety of products for China is not ensured. Rejected.";

    public const string ProtocolAgreed =
        "双方已就议定书文本达成一致，议定书磋商完成。\n" +
        "Both sides agree on the text of the protocol. The negotiation of the protocol is complete.";

    public const string ProtocolSigned =
        "议定书已签署，请下载签署文本。\n" +
        "The protocol is signed. Please download the signed text.";

    public const string Announced =
        "海关总署已发布该产品检验检疫要求公告。\n" +
        "The General Administration of Customs has published the announcement of inspection and quarantine requirements.";

    public const string CertificateRejected =
        "双方未能就官方证书内容达成一致，证书磋商终止，审核不通过。\n" +
        "The two sides could not agree on the official certificate. Its negotiation ends; the case is rejected.";

    public const string NegotiationRejected =
        "双方未能就检疫要求达成一致，议定书磋商终止，审核不通过。\n" +
        "The two sides could not agree on the quarantine requirements. The negotiation of the protocol ends; the case is " +
        "rejected.";

    public const string CertificateAgreed =
        "双方已就官方证书样式达成一致，证书磋商完成。\n" +
        "Both sides agree on the form of the official certificate. The negotiation of the certificate is complete.";

    public const string SignatoriesAwaited =
        "证书磋商完成，请提交签证官名单、签字笔迹及印章样式，以便确认证书。\n" +
        "The negotiation of the certificate is complete. Please submit the list of signing officers with their " +
        "signatures and seals, so that the certificate can be confirmed.";

    public const string CertificateConfirmed =
        "官方证书样式已确认，请下载并按此样式出具证书。\n" +
        "The form of the official certificate is confirmed. Please download it and issue certificates in this form.";

    public const string Closed =
        "审查已全部完成，准予该类产品按要求输华。\n" +
        "The examination is complete. The products may be exported to China under the requirements.";

    public const string ClosedWithoutRevision =
        "回顾性检查未发现需修订议定书的情形，检查结束，该类产品可继续按现行要求输华。\n" +
        "The review found nothing for which the protocol would have to be revised. It is closed; the products may still be " +
        "exported to China under the present requirements.";

    public const string ReviewSummary =
        "为核实输华产品持续符合议定书要求，现对贵国该类产品的食品安全管理体系开展回顾性检查，请确认是否接受检查并指定联系人。\n" +
        "To verify that the products still meet the protocol, Customs reviews the food safety management system for them. " +
        "Please say whether you accept the review, and name a contact.";

    public static readonly ContactPerson ReviewContact = new(
        "海关总署模拟业务处 Simulated Division, GACC", "李模拟 Li Moni", "检查员 Reviewer", "86", "10", "65190000",
        "review@customs.example");

    public static readonly TrilingualText ProtocolRound1 = new(
        "现就输华产品检验检疫和卫生要求议定书（草案）征求贵方意见，草案见附件，请贵方回复。",
        "We submit for your comments the draft protocol on the inspection, quarantine and sanitary requirements for the " +
        "products to be exported to China. The draft is attached; please reply.",
        "");

    public static readonly TrilingualText ProtocolRound2 = new(
        "感谢贵方回复。中方对第三条（官方监督）作了修改，第五条维持原文，请贵方确认。",
        "Thank you for your reply. We have amended Article 3 (official control) and keep Article 5 as " +
        "it stands. Please confirm.",
        "");

    public static readonly TrilingualText ProtocolRound3 = new(
        "中方同意贵方对第五条的建议，现附最终文本，请贵方最后确认。",
        "We agree to your proposal on Article 5. The final text is attached; please give your last confirmation.",
        "");

    public static readonly TrilingualText CertificateRound1 = new(
        "议定书已生效，请贵方对所附官方（卫生）证书样本提出意见。",
        "The protocol is in force. Please comment on the attached specimen of the official (health) certificate.",
        "");

    public static readonly TrilingualText CertificateRound2 = new(
        "请在证书中增加企业注册编号和封识号栏目，并提供贵方语言文本。",
        "Please add the registration number of the establishment and the seal number to the certificate, and give the " +
        "text in your own language.",
        "");

    public static readonly TrilingualText CertificateRound3 = new(
        "中方对证书样本无实质性意见，仅统一了术语译法，请贵方最后确认。",
        "We have no further comments of substance on the specimen and only made the terms uniform. Please give your last " +
        "confirmation.",
        "");
}
