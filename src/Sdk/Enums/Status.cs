namespace SingleWindowBridge;

/// <summary>The statuses (状态) of a stage. Open, as <see cref="Stage"/> says.</summary>
public enum Status
{
    /// <summary>Not said.</summary>
    Unknown = 0,

    /// <summary>暂存: saved, not submitted.</summary>
    Draft = 1,

    /// <summary>申报: on its way to Customs.</summary>
    Declared = 2,

    /// <summary>成功发往海关: handed to the Customs exchange.</summary>
    Sent = 3,

    /// <summary>发往海关失败: could not be handed over; <see cref="CaseHandle.RedeliverAsync"/> sends it again.</summary>
    SendFailed = 4,

    /// <summary>海关已接收: Customs has it.</summary>
    Received = 5,

    /// <summary>海关接收失败: Customs could not take it in; editable again.</summary>
    ReceiveFailed = 6,

    /// <summary>待处理: Customs waits for the authority.</summary>
    Pending = 7,

    /// <summary>已受理: under review at Customs.</summary>
    Accepted = 8,

    /// <summary>补齐补正: amend or complete, then submit again; never a new application.</summary>
    CorrectionRequired = 9,

    /// <summary>不予受理: Customs refuses to take the submission on. Final.</summary>
    NotAccepted = 10,

    /// <summary>审核通过: the stage is passed.</summary>
    Approved = 11,

    /// <summary>审核不通过: the assessment or review is not passed. Final.</summary>
    Rejected = 12,
}
