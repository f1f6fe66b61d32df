using Google.Protobuf;
using SingleWindowBridge.Server.Cases;

namespace SingleWindowBridge.Server.Cases
{
    /// <summary>A request of an authority that changes a case.</summary>
    public interface IChangeRequest : IMessage
    {
        /// <summary>The request's id: a UUID.</summary>
        string RequestId { get; }

        /// <summary>The case's id or official number; empty for a new case, where that is allowed.</summary>
        string CaseId { get; }

        /// <summary>The etag that the case must still have; empty for any.</summary>
        string Etag { get; }
    }

    /// <summary>A change that can also be tried without being made.</summary>
    public interface ISubmitRequest : IChangeRequest
    {
        /// <summary>Check everything, change nothing.</summary>
        bool ValidateOnly { get; }
    }
}

// The generated messages say by name alone that they are such requests; here the compiler learns it.
namespace SingleWindow.Bridge.V1
{
    public partial class SaveApplicationRequest : IChangeRequest;

    public partial class SubmitApplicationRequest : ISubmitRequest;

    public partial class DiscardApplicationRequest : IChangeRequest;

    public partial class SaveAnswersRequest : IChangeRequest;

    public partial class SubmitAnswersRequest : ISubmitRequest;

    public partial class SaveRectificationRequest : IChangeRequest;

    public partial class SubmitRectificationRequest : ISubmitRequest;

    public partial class SaveReplyRequest : IChangeRequest;

    public partial class SubmitReplyRequest : ISubmitRequest;

    public partial class SubmitSignatoriesRequest : ISubmitRequest;

    public partial class AcceptReviewRequest : ISubmitRequest;

    public partial class DeclineReviewRequest : ISubmitRequest;

    public partial class RedeliverCaseRequest : IChangeRequest;
}
