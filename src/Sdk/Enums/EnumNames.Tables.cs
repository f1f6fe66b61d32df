using System.Collections.Frozen;

namespace SingleWindowBridge;

// The names themselves. Where the Single Window's manual has a word, it is that word.
public static partial class EnumNames
{
    private static readonly FrozenDictionary<CaseKind, LocalizedText> CaseKindNames =
        new Dictionary<CaseKind, LocalizedText>
        {
            [CaseKind.Assessment] = new("评估审查", "Assessment"),
            [CaseKind.Review] = new("回顾性检查", "Retrospective review"),
        }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Stage, LocalizedText> StageNames =
        new Dictionary<Stage, LocalizedText>
        {
            [Stage.Application] = new("申请阶段", "Application"),
            [Stage.Reception] = new("接收检查阶段", "Reception of the review"),
            [Stage.Questionnaire] = new("问卷阶段", "Questionnaire"),
            [Stage.Assessment] = new("评估阶段", "Assessment"),
            [Stage.ProtocolNegotiation] = new("议定书磋商", "Protocol negotiation"),
            [Stage.ProtocolSigning] = new("议定书签署", "Protocol signing"),
            [Stage.Announcement] = new("检验检疫公告发布", "Announcement"),
            [Stage.CertificateNegotiation] = new("官方证书磋商", "Certificate negotiation"),
            [Stage.CertificateConfirmation] = new("官方证书确认", "Certificate confirmation"),
            [Stage.Completed] = new("完成", "Completed"),
        }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Status, LocalizedText> StatusNames =
        new Dictionary<Status, LocalizedText>
        {
            [Status.Draft] = new("暂存", "Draft"),
            [Status.Declared] = new("申报", "Declared"),
            [Status.Sent] = new("成功发往海关", "Sent to Customs"),
            [Status.SendFailed] = new("发往海关失败", "Sending to Customs failed"),
            [Status.Received] = new("海关已接收", "Received by Customs"),
            [Status.ReceiveFailed] = new("海关接收失败", "Customs could not take it in"),
            [Status.Pending] = new("待处理", "Pending"),
            [Status.Accepted] = new("已受理", "Accepted for review"),
            [Status.CorrectionRequired] = new("补齐补正", "Correction required"),
            [Status.NotAccepted] = new("不予受理", "Not accepted"),
            [Status.Approved] = new("审核通过", "Approved"),
            [Status.Rejected] = new("审核不通过", "Rejected"),
        }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Actor, LocalizedText> ActorNames =
        new Dictionary<Actor, LocalizedText>
        {
            [Actor.Authority] = new("境外主管当局", "Competent authority"),
            [Actor.Delivery] = new("传输系统", "Delivery"),
            [Actor.Customs] = new("中国海关", "China Customs"),
        }.ToFrozenDictionary();

    private static readonly FrozenDictionary<CaseEvent, LocalizedText> CaseEventNames =
        new Dictionary<CaseEvent, LocalizedText>
        {
            [CaseEvent.Save] = new("暂存", "Draft saved"),
            [CaseEvent.Submit] = new("申报", "Submitted"),
            [CaseEvent.Discard] = new("删除暂存", "Draft discarded"),
            [CaseEvent.AcceptReview] = new("同意检查", "Review accepted"),
            [CaseEvent.DeclineReview] = new("拒绝检查", "Review declined"),
            [CaseEvent.SubmitSignatories] = new("提交证书签字官名单、笔迹及印章", "Signing officers submitted"),
            [CaseEvent.Redeliver] = new("重新发送", "Sent again"),
            [CaseEvent.Sent] = new("成功发往海关", "Sent to Customs"),
            [CaseEvent.SendFailed] = new("发往海关失败", "Sending to Customs failed"),
            [CaseEvent.StartReview] = new("发起回顾性检查", "Review started"),
            [CaseEvent.Received] = new("海关已接收", "Received by Customs"),
            [CaseEvent.ReceiveFailed] = new("海关接收失败", "Customs could not take it in"),
            [CaseEvent.Accept] = new("受理", "Accepted for review"),
            [CaseEvent.NotAccept] = new("不予受理", "Not accepted"),
            [CaseEvent.RequireCorrection] = new("补齐补正", "Correction required"),
            [CaseEvent.Approve] = new("审核通过", "Stage approved"),
            [CaseEvent.ApproveAssessment] = new("评估通过", "Assessment approved"),
            [CaseEvent.OpenQuestionnaire] = new("下发问卷", "Questionnaire opened"),
            [CaseEvent.RequireRectification] = new("发起整改", "Rectification required"),
            [CaseEvent.OpenRound] = new("中方发起磋商", "Round of negotiation opened"),
            [CaseEvent.CompleteNegotiation] = new("磋商完成", "Negotiation completed"),
            [CaseEvent.PublishProtocol] = new("下发已签署议定书", "Signed protocol delivered"),
            [CaseEvent.PublishAnnouncement] = new("发布检验检疫公告", "Announcement published"),
            [CaseEvent.ConfirmCertificate] = new("确认官方证书", "Certificate confirmed"),
            [CaseEvent.Close] = new("办结", "Case closed"),
            [CaseEvent.Reject] = new("审核不通过", "Rejected"),
        }.ToFrozenDictionary();

    private static readonly FrozenDictionary<FileOrigin, LocalizedText> FileOriginNames =
        new Dictionary<FileOrigin, LocalizedText>
        {
            [FileOrigin.Authority] = new("境外主管当局", "Competent authority"),
            [FileOrigin.Customs] = new("中国海关", "China Customs"),
        }.ToFrozenDictionary();

    private static readonly FrozenDictionary<NegotiationTopic, LocalizedText> NegotiationTopicNames =
        new Dictionary<NegotiationTopic, LocalizedText>
        {
            [NegotiationTopic.Protocol] = new("议定书磋商", "Protocol negotiation"),
            [NegotiationTopic.Certificate] = new("官方证书磋商", "Certificate negotiation"),
        }.ToFrozenDictionary();

    private static readonly FrozenDictionary<NegotiationParty, LocalizedText> NegotiationPartyNames =
        new Dictionary<NegotiationParty, LocalizedText>
        {
            [NegotiationParty.Customs] = new("中方发起磋商", "Opened by China"),
            [NegotiationParty.Authority] = new("外方回复", "Reply of the foreign side"),
        }.ToFrozenDictionary();

    private static readonly FrozenDictionary<EntryState, LocalizedText> EntryStateNames =
        new Dictionary<EntryState, LocalizedText>
        {
            [EntryState.Open] = new("进行中", "Open"),
            [EntryState.Processed] = new("已处理", "Processed"),
        }.ToFrozenDictionary();

    private static readonly FrozenDictionary<ReviewDecision, LocalizedText> ReviewDecisionNames =
        new Dictionary<ReviewDecision, LocalizedText>
        {
            [ReviewDecision.Accepted] = new("同意检查", "Accepted"),
            [ReviewDecision.Declined] = new("拒绝检查", "Declined"),
        }.ToFrozenDictionary();

    private static readonly FrozenDictionary<QuestionType, LocalizedText> QuestionTypeNames =
        new Dictionary<QuestionType, LocalizedText>
        {
            [QuestionType.Text] = new("单行文本", "Text"),
            [QuestionType.LongText] = new("多行文本", "Long text"),
            [QuestionType.YesNo] = new("是或否", "Yes or no"),
            [QuestionType.Number] = new("数字", "Number"),
            [QuestionType.Date] = new("日期", "Date"),
            [QuestionType.SingleChoice] = new("单选", "Single choice"),
            [QuestionType.MultipleChoice] = new("多选", "Multiple choice"),
            [QuestionType.Table] = new("表格", "Table"),
            [QuestionType.File] = new("附件", "File"),
        }.ToFrozenDictionary();

    private static readonly FrozenDictionary<FieldProblemCode, LocalizedText> FieldProblemCodeNames =
        new Dictionary<FieldProblemCode, LocalizedText>
        {
            [FieldProblemCode.Required] = new("必填", "Required"),
            [FieldProblemCode.TooLong] = new("超出长度", "Too long"),
            [FieldProblemCode.TooMany] = new("超出数量", "Too many"),
            [FieldProblemCode.Malformed] = new("格式不正确", "Malformed"),
            [FieldProblemCode.OutOfRange] = new("超出范围", "Out of range"),
            [FieldProblemCode.UnknownValue] = new("代码不存在", "Unknown value"),
            [FieldProblemCode.OutOfScope] = new("不在食品管理范围内", "Outside the account's scope"),
            [FieldProblemCode.Duplicate] = new("重复", "Duplicate"),
            [FieldProblemCode.FileNotFound] = new("文件不存在", "File not found"),
            [FieldProblemCode.WrongType] = new("答案类型不符", "Wrong type of answer"),
            [FieldProblemCode.NotApplicable] = new("该问题不适用", "Question not applicable"),
        }.ToFrozenDictionary();

    private static readonly FrozenDictionary<ErrorReason, LocalizedText> ErrorReasonNames =
        new Dictionary<ErrorReason, LocalizedText>
        {
            [ErrorReason.FieldInvalid] = new("填写有误", "One or more fields are wrong"),
            [ErrorReason.PageTokenInvalid] = new("分页标记无效", "The page token is not valid"),
            [ErrorReason.CursorInvalid] = new("回执游标无效", "The cursor is not valid"),
            [ErrorReason.CursorAheadOfFeed] = new("回执游标超前", "The position is ahead of the feed"),
            [ErrorReason.CredentialsMissing] = new("缺少凭证", "The call carries no credential"),
            [ErrorReason.CredentialsInvalid] = new("凭证无效", "The credential is not valid"),
            [ErrorReason.CaseNotFound] = new("申请不存在", "There is no such case"),
            [ErrorReason.FileNotFound] = new("文件不存在", "There is no such file"),
            [ErrorReason.TemplateNotFound] = new("问卷模板不存在", "There is no such questionnaire template"),
            [ErrorReason.ScenarioNotFound] = new("模拟场景不存在", "There is no such scenario"),
            [ErrorReason.StageNotReached] = new("未进入该阶段，不允许此操作!", "The case has not reached this stage"),
            [ErrorReason.StageCompleted] = new("该阶段已完成", "The case has passed this stage"),
            [ErrorReason.StatusNotAllowed] = new("当前状态不允许此操作", "The case's status does not allow this"),
            [ErrorReason.EtagMismatch] = new("申请已被更改", "The case has changed since it was read"),
            [ErrorReason.RequestIdReused] = new("请求编号已被使用", "The request id was used with other content"),
            [ErrorReason.FileTooLarge] = new("文件超过4MB", "The file is larger than 4 MiB"),
            [ErrorReason.FileTypeNotAllowed] = new("文件类型不允许", "The file's type is not allowed"),
            [ErrorReason.FileContentMismatch] = new("文件内容与文件名不符", "The content is not what the name says"),
            [ErrorReason.FileSizeMismatch] = new("文件大小不符", "Fewer or more bytes came than announced"),
            [ErrorReason.FileHashMismatch] = new("文件校验值不符", "The content's SHA-256 is not the announced one"),
            [ErrorReason.UploadOutOfOrder] = new("上传顺序错误", "The upload's messages are out of order"),
            [ErrorReason.StoreUnavailable] = new("数据库暂不可用", "The database is not available"),
            [ErrorReason.ShuttingDown] = new("服务正在关闭", "The server is shutting down"),
            [ErrorReason.InternalError] = new("系统内部错误", "A fault of the bridge"),
            [ErrorReason.RoleRequired] = new("密钥的角色不符", "Key of another role"),
            [ErrorReason.CustomsMessageNotFound] = new("海关报文不存在", "No such message of Customs"),
            [ErrorReason.CustomsMessageSettled] = new("海关报文已处理", "Message of Customs done with"),
            [ErrorReason.SubmissionNotLeased] = new("报文未被领取", "Submission not leased"),
            [ErrorReason.AttachmentNotFound] = new("附件不存在", "No such attachment"),
            [ErrorReason.SandboxAccountRequired] = new("仅限沙箱账户", "Sandbox account required"),
            [ErrorReason.CaseKindNotAllowed] = new("此操作不适用于该类业务", "Not for cases of this kind"),
            [ErrorReason.AssessmentNotPassed] = new("该类别没有评估通过记录", "No assessment was passed for the category"),
            [ErrorReason.AuthorityNotFound] = new("账户不存在", "There is no such account"),
            [ErrorReason.KeyMistyped] = new("密钥有误或不完整", "Key mistyped or cut off"),
            [ErrorReason.CredentialOfOtherKind] = new("凭证与服务器类型不符", "Credential of the other kind of server"),
            [ErrorReason.CertificateNotAccepted] = new("客户端证书不被接受", "Client certificate not accepted"),
            [ErrorReason.CertificateRequired] = new("须出示客户端证书", "Client certificate required"),
            [ErrorReason.AccountDisabled] = new("账户已停用", "Account disabled"),
            [ErrorReason.AccountNotFound] = new("没有该账户", "No such account"),
            [ErrorReason.AccountAlreadyExists] = new("账户已存在", "The account exists already"),
            [ErrorReason.KeyLimitReached] = new("有效密钥已达上限", "Two live keys already"),
            [ErrorReason.CredentialNotFound] = new("没有该密钥或证书", "No such key or certificate"),
            [ErrorReason.CertificateAlreadyBound] = new("证书已绑定", "Certificate bound already"),
            [ErrorReason.SubmissionNotFound] = new("提交内容不存在", "There is no such submission"),
            [ErrorReason.FileNameAmbiguous] = new("文件名含有两个后缀", "The file's name holds a second extension"),
            [ErrorReason.FileEncrypted] = new("文件已加密", "The file is encrypted"),
            [ErrorReason.ImageTooLarge] = new("图像像素过多", "The image has too many pixels"),
            [ErrorReason.FileQuotaExceeded] = new("文件配额已满", "The quota of files is used up"),
            [ErrorReason.RateLimited] = new("调用过于频繁", "Too many calls in a short time"),
            [ErrorReason.TooManyAtOnce] = new("同时进行的过多", "Too much at once"),
            [ErrorReason.ReadTooSlowly] = new("读取过慢", "The stream was read too slowly"),
            [ErrorReason.MessageTooLarge] = new("请求报文过大", "The message is too large"),
            [ErrorReason.UploadTooSlow] = new("上传过慢", "The upload came too slowly"),
            [ErrorReason.TooManyBadCredentials] = new("无效凭证过多", "Too many bad credentials from this address"),
            [ErrorReason.ReceiptConsumerNotFound] = new("回执接收方不存在", "There is no such consumer of receipts"),
            [ErrorReason.TooManyReceiptConsumers] = new("回执接收方过多", "There are too many consumers of receipts"),
            [ErrorReason.ServerBusy] = new("服务器繁忙", "The server is busy"),
        }.ToFrozenDictionary();
}
