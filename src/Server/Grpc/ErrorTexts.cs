using Grpc.Core;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>What each error reason says: the gRPC status, and what to do in Chinese and English. {name} stands for metadata.</summary>
/// <param name="Status">The gRPC status.</param>
/// <param name="Zh">The Chinese text.</param>
/// <param name="En">The English text.</param>
/// <param name="RetryAfter">How long to wait before the same call may pass; null where a retry does not help.</param>
public sealed record ErrorTexts(StatusCode Status, string Zh, string En, TimeSpan? RetryAfter = null)
{
    private static readonly Dictionary<ErrorReason, ErrorTexts> Table = new()
    {
        [ErrorReason.FieldInvalid] = new(
            StatusCode.InvalidArgument,
            "有 {count} 处填写不符合要求，请逐项更正后，用新的请求编号重新提交。",
            "{count} field(s) are wrong; correct each of them and send again with a new request id."),
        [ErrorReason.PageTokenInvalid] = new(
            StatusCode.InvalidArgument,
            "分页标记不属于这个查询，请不带标记从第一页重新查询。",
            "The page token is not from a listing with these filters; begin again without a token."),
        [ErrorReason.CursorInvalid] = new(
            StatusCode.InvalidArgument,
            "回执游标不是由该回执流给出的，请从某个回执序号或从头开始。",
            "The cursor is not one that this feed gave out; begin from a receipt's number or from the beginning."),
        [ErrorReason.CursorAheadOfFeed] = new(
            StatusCode.OutOfRange,
            "回执位置 {number} 超前于最新回执 {head_number}：服务可能由较早的备份恢复，请联系运维人员。",
            "Position {number} is ahead of the newest receipt {head_number}: the server may have been restored from an older copy; ask its operator."),
        [ErrorReason.CredentialsMissing] = new(
            StatusCode.Unauthenticated,
            "请求未带凭证，请在元数据中发送 authorization: Bearer <密钥>。",
            "The call carries no credential; send the metadata authorization: Bearer <key>."),
        [ErrorReason.CredentialsInvalid] = new(
            StatusCode.Unauthenticated,
            "凭证不存在、已过期或已撤销，请向运维人员申请新的密钥。",
            "The credential is unknown, expired or revoked; ask the operator for a new key."),
        [ErrorReason.RoleRequired] = new(
            StatusCode.PermissionDenied,
            "该服务只对 {role} 的密钥开放。",
            "This service is for keys of {role} alone."),
        [ErrorReason.CustomsMessageNotFound] = new(
            StatusCode.NotFound,
            "没有编号为 {entry_id} 的海关报文。",
            "There is no message of Customs with the entry id {entry_id}."),
        [ErrorReason.CustomsMessageSettled] = new(
            StatusCode.FailedPrecondition,
            "报文 {entry_id} 已处理，状态为 {state}，不能再重试或丢弃。",
            "The message {entry_id} is {state}; it cannot be retried or discarded any more."),
        [ErrorReason.SubmissionNotLeased] = new(
            StatusCode.FailedPrecondition,
            "报文 {message_id} 未被领取，或领取已过期，请重新领取。",
            "The submission {message_id} is not leased by you, or no longer; lease again."),
        [ErrorReason.AttachmentNotFound] = new(
            StatusCode.NotFound,
            "没有 SHA-256 为 {sha256} 的附件。",
            "There is no attachment with the SHA-256 {sha256}."),
        [ErrorReason.SubmissionNotFound] = new(
            StatusCode.NotFound,
            "没有编号为 {message_id} 的提交内容，请使用回执证明中的报文编号。",
            "Nothing was submitted with the message id {message_id}; take the id from a receipt's proof."),
        [ErrorReason.SandboxAccountRequired] = new(
            StatusCode.FailedPrecondition,
            "该操作只对沙箱账户开放。",
            "This is for sandbox accounts alone."),
        [ErrorReason.CaseNotFound] = new(
            StatusCode.NotFound,
            "没有编号为 {case_id} 的业务。",
            "There is no case {case_id}."),
        [ErrorReason.FileNotFound] = new(
            StatusCode.NotFound,
            "没有编号为 {file_id} 的文件。",
            "There is no file {file_id}."),
        [ErrorReason.TemplateNotFound] = new(
            StatusCode.NotFound,
            "没有问卷 {template_id} 的第 {version} 版。",
            "There is no questionnaire {template_id} in version {version}."),
        [ErrorReason.ScenarioNotFound] = new(
            StatusCode.NotFound,
            "沙箱没有名为 {scenario} 的情景，可用 ListScenarios 查询。",
            "The sandbox has no scenario {scenario}; ListScenarios names them."),
        [ErrorReason.StageNotReached] = new(
            StatusCode.FailedPrecondition,
            "未进入该阶段，不允许此操作! 当前为 {stage} 阶段 {status} 状态，允许：{allowed}。",
            "The case has not reached this stage; it is in {stage} {status}. Allowed in: {allowed}. Wait for the receipt that opens the stage."),
        [ErrorReason.StageCompleted] = new(
            StatusCode.FailedPrecondition,
            "该阶段已完成。当前为 {stage} 阶段 {status} 状态，允许：{allowed}。",
            "The case has passed this stage; it is in {stage} {status}. Allowed in: {allowed}."),
        [ErrorReason.StatusNotAllowed] = new(
            StatusCode.FailedPrecondition,
            "{stage} 阶段 {status} 状态不允许此操作，允许：{allowed}。",
            "{event} is not allowed in {stage} {status}. Allowed in: {allowed}."),
        [ErrorReason.EtagMismatch] = new(
            StatusCode.Aborted,
            "所改内容在读取之后已有变化，请重新读取后，用新的请求编号重新提交。",
            "What is to be changed has changed since it was read; read it again, decide again, and send with a new request id."),
        [ErrorReason.RequestIdReused] = new(
            StatusCode.AlreadyExists,
            "请求编号 {request_id} 已用于其他内容，每次新的变更请使用新的 UUID。",
            "The request id {request_id} was used before with other content; take a new UUID for every new change."),
        [ErrorReason.FileTooLarge] = new(
            StatusCode.InvalidArgument,
            "文件超过 4M（{limit_bytes} 字节），请降低扫描分辨率或拆分。",
            "The file is larger than {limit_bytes} bytes (4 MiB); scan at a lower resolution or split it."),
        [ErrorReason.FileTypeNotAllowed] = new(
            StatusCode.InvalidArgument,
            "文件 {name} 的后缀不被接受，只可上传 .jpg .jpeg .gif .png .pdf 文件。",
            "{name} has an extension that is not allowed; only .jpg, .jpeg, .gif, .png and .pdf are."),
        [ErrorReason.FileContentMismatch] = new(
            StatusCode.InvalidArgument,
            "文件 {name} 的内容与后缀不符，应为 {expected}。",
            "The content of {name} is not what its name says: it should be {expected}."),
        [ErrorReason.FileSizeMismatch] = new(
            StatusCode.InvalidArgument,
            "声明 {declared_bytes} 字节，实收 {received_bytes} 字节，请重新发送整个文件。",
            "The header said {declared_bytes} bytes and {received_bytes} came; send the whole file again."),
        [ErrorReason.FileHashMismatch] = new(
            StatusCode.InvalidArgument,
            "文件内容的 SHA-256 为 {sha256}，与声明不符，请重新发送整个文件。",
            "The content's SHA-256 is {sha256}, not what the header said; send the whole file again."),
        [ErrorReason.UploadOutOfOrder] = new(
            StatusCode.InvalidArgument,
            "上传须先发一次文件头，再发内容。",
            "An upload begins with its header, once, and goes on with chunks."),
        [ErrorReason.StoreUnavailable] = new(
            StatusCode.Unavailable,
            "数据库暂不可用，请用相同的请求编号重试。",
            "The database is not available at the moment; retry with the same request id.",
            TimeSpan.FromSeconds(1)),
        [ErrorReason.ShuttingDown] = new(
            StatusCode.Unavailable,
            "服务正在停止，请用相同的请求编号或游标稍后重试。",
            "The server is shutting down; retry with the same request id or cursor.",
            TimeSpan.FromSeconds(1)),
        [ErrorReason.InternalError] = new(
            StatusCode.Internal,
            "服务内部错误，可用相同的请求编号重试；请将跟踪号 {trace_id} 告知运维人员。",
            "A fault of the bridge; the same request id may be tried again. Give the trace id {trace_id} to the operator."),
        [ErrorReason.CaseKindNotAllowed] = new(
            StatusCode.FailedPrecondition,
            "此操作不适用于该类业务（{kind}）：回顾性检查没有申请表，评估审查无须接收检查。",
            "This call is not for a case of kind {kind}: a review has no application form, an assessment is not accepted or declined."),
        [ErrorReason.AssessmentNotPassed] = new(
            StatusCode.FailedPrecondition,
            "账户 {authority_id} 没有食品类别 {category} 的评估通过记录，不能发起回顾性检查。",
            "The account {authority_id} has not passed an assessment for {category}, so there is nothing to review."),
        [ErrorReason.AuthorityNotFound] = new(
            StatusCode.NotFound,
            "没有账户 {authority_id}。",
            "There is no account {authority_id}."),
        [ErrorReason.KeyMistyped] = new(
            StatusCode.Unauthenticated,
            "密钥有误或不完整（校验位不符），请重新复制完整的密钥。",
            "The key is mistyped or cut off: its checksum does not fit; take it over again as it was given."),
        [ErrorReason.CredentialOfOtherKind] = new(
            StatusCode.Unauthenticated,
            "凭证类型（{credential}）与服务器类型（{server}）不符：沙箱凭证只能用于沙箱服务器，正式凭证只能用于正式服务器。",
            "The credential is of the kind {credential} and the server of the kind {server}; check the address and the key."),
        [ErrorReason.CertificateNotAccepted] = new(
            StatusCode.Unauthenticated,
            "客户端证书不被接受：签发机构不受信任、不在有效期内，或未绑定到该账户，请联系运维人员。",
            "The client certificate is not of a trusted authority, not valid now, or not bound to this account; ask the operator."),
        [ErrorReason.CertificateRequired] = new(
            StatusCode.Unauthenticated,
            "该账户须出示已绑定的客户端证书，请用该证书连接。",
            "The account has to show a client certificate; connect with the one that is bound to it."),
        [ErrorReason.AccountDisabled] = new(
            StatusCode.PermissionDenied,
            "账户已被停用，请联系运维人员。",
            "The account is disabled; ask the operator."),
        [ErrorReason.AccountNotFound] = new(
            StatusCode.NotFound,
            "没有账户 {account_id}。",
            "There is no account {account_id}."),
        [ErrorReason.AccountAlreadyExists] = new(
            StatusCode.AlreadyExists,
            "已有账户 {account_id}，请换用其他编号，或修改已有账户。",
            "There is an account {account_id}; take another id, or change that account."),
        [ErrorReason.KeyLimitReached] = new(
            StatusCode.FailedPrecondition,
            "账户 {account_id} 已有 {limit} 个有效密钥（{key_ids}），请先撤销不再使用的密钥。",
            "The account {account_id} has {limit} live keys ({key_ids}); revoke the one that is out of use first."),
        [ErrorReason.CredentialNotFound] = new(
            StatusCode.NotFound,
            "账户 {account_id} 没有编号为 {credential_id} 的密钥或证书。",
            "The account {account_id} has no key or certificate {credential_id}."),
        [ErrorReason.CertificateAlreadyBound] = new(
            StatusCode.AlreadyExists,
            "该客户端证书已绑定到账户 {account_id}，请先在该账户中移除。",
            "The client certificate stands for the account {account_id} already; remove it there first."),
        [ErrorReason.FileNameAmbiguous] = new(
            StatusCode.InvalidArgument,
            "文件名 {name} 中另有后缀 {extension}，请改名，只留一个后缀。",
            "The name {name} holds a second extension, {extension}; rename the file so that it has one."),
        [ErrorReason.FileEncrypted] = new(
            StatusCode.InvalidArgument,
            "文件 {name} 已加密，海关无法查阅。请取消密码和权限保护后重新保存并上传。",
            "{name} is encrypted and cannot be examined; save it without a password and without protection."),
        [ErrorReason.ImageTooLarge] = new(
            StatusCode.InvalidArgument,
            "图像 {name} 为 {width} × {height}，共 {pixels} 像素，最多 {limit_pixels} 像素。请降低扫描分辨率或拆分。",
            "The image {name} is {width} by {height}, {pixels} pixels in all; at most {limit_pixels} are taken. Scan at a lower resolution or split it."),
        [ErrorReason.FileQuotaExceeded] = new(
            StatusCode.ResourceExhausted,
            "文件配额（{scope}）已满：最多 {limit_files} 个文件、{limit_bytes} 字节。CASE：请合并或压缩文件；ACCOUNT：请联系运维人员。",
            "The quota of files is used up ({scope}): at most {limit_files} files and {limit_bytes} bytes. CASE: join or shrink files. ACCOUNT: ask the operator for more."),
        [ErrorReason.RateLimited] = new(
            StatusCode.ResourceExhausted,
            "调用过于频繁（{scope}，{limit}），该调用未执行。请按 RetryInfo 等待后重试。",
            "Too many calls ({scope}: {limit}); this one had no effect. Wait as RetryInfo says, then repeat it.",
            TimeSpan.FromSeconds(1)),
        [ErrorReason.TooManyAtOnce] = new(
            StatusCode.ResourceExhausted,
            "同时进行的过多（{scope}，{limit}），该调用未执行。请先结束一部分，或按 RetryInfo 等待后重试。",
            "Too much at once ({scope}: {limit}); this call had no effect. End some of it, or wait as RetryInfo says and repeat.",
            TimeSpan.FromSeconds(1)),
        [ErrorReason.ReadTooSlowly] = new(
            StatusCode.ResourceExhausted,
            "读取过慢，数据流已中断，请从已读到的位置继续。",
            "The stream was read too slowly; resume it from where it was read to."),
        [ErrorReason.MessageTooLarge] = new(
            StatusCode.ResourceExhausted,
            "请求报文过大，最多 {limit_bytes} 字节。请分次发送，较大的表格改为附件。",
            "The message is larger than {limit_bytes} bytes; send less at a time, and large tables as files."),
        [ErrorReason.UploadTooSlow] = new(
            StatusCode.DeadlineExceeded,
            "上传过慢：{seconds} 秒内收到 {received_bytes} 字节，共应 {declared_bytes} 字节；至少每秒 {least_rate} 字节。请用相同的请求编号重新发送整个文件。",
            "The upload came too slowly, {received_bytes} of {declared_bytes} bytes in {seconds} s; at least {least_rate} bytes a second are needed. "
                + "Send the whole file again with the same request id."),
        [ErrorReason.TooManyBadCredentials] = new(
            StatusCode.ResourceExhausted,
            "该地址的无效凭证过多，请检查所用的密钥，并按 RetryInfo 等待。",
            "Too many calls with bad credentials from this address; look at the key that is sent, and wait as RetryInfo says."),
        [ErrorReason.ReceiptConsumerNotFound] = new(
            StatusCode.NotFound,
            "没有名为 {name} 的回执接收方；以该名称提交位置即可建立。",
            "There is no consumer of receipts named {name}; a commit under that name makes it."),
        [ErrorReason.TooManyReceiptConsumers] = new(
            StatusCode.FailedPrecondition,
            "回执接收方最多 {most} 个，请先删除不再使用的。",
            "There may be {most} consumers of receipts; delete one that is no longer used."),
        [ErrorReason.ServerBusy] = new(
            StatusCode.Unavailable,
            "服务器繁忙，该调用未执行。请按 RetryInfo 等待后，用相同的请求编号重试。",
            "The server is busy; this call had no effect. Wait as RetryInfo says, then retry with the same request id.",
            TimeSpan.FromSeconds(1)),
    };

    /// <summary>The texts of a reason.</summary>
    public static ErrorTexts Of(ErrorReason reason) => Table[reason];
}
