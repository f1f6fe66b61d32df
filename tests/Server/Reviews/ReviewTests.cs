using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Reviews;

/// <summary>What an authority reads of a review, and what it answers.</summary>
public sealed class ReviewTests(ScriptedServer server) : IClassFixture<ScriptedServer>
{
    private Authority Us => server.First;

    [Fact]
    public async Task A_review_shows_what_Customs_gave()
    {
        await server.NewAsync(CaseKind.Review);
        var contact = Authority.NewContact();
        contact.Department = "进出口食品安全局";
        var made = (await Us.Sandbox.StartReviewAsync(new StartReviewRequest
        {
            RequestId = Authority.NewId(),
            Category = "FROZEN_FRUIT",
            Products = { "FROZEN_FRUIT_ALL" },
            Contact = contact,
            Summary = "冷冻水果：残留监控 residue control",
            Files = { new SandboxFile { Name = "检查通知.pdf", Content = ByteString.CopyFrom(SampleFiles.Pdf) } },
        })).Case;
        Assert.Matches("^[0-7][0-9A-HJKMNP-TV-Z]{25}$", made.Number);
        Assert.Equal(
            (CaseKind.Review, Stage.Reception, Status.Pending, "FROZEN_FRUIT", "冷冻水果：残留监控 residue control", null),
            (made.Kind, made.Stage, made.Status, made.Category, made.Summary, made.SubmitTime));
        Assert.Equal([CaseEvent.AcceptReview, CaseEvent.DeclineReview], made.AllowedEvents);

        var got = await GetAsync(made.Number);
        Assert.Equal(made, got.Case);
        contact.Phone.Number = "1234567";
        Assert.Equal(
            ("FROZEN_FRUIT", "FROZEN_FRUIT_ALL", contact, made.Summary, null),
            (got.Review.Category, got.Review.Products.Single(), got.Review.Contact, got.Review.Summary, got.Review.Answer));
        var file = Assert.Single(got.Review.Files);
        Assert.Equal(("检查通知.pdf", FileOrigin.Customs), (file.Name, file.Origin));
        Assert.Equal(made.CreateTime, got.Review.StartTime);
        var receipt = (await Us.AllReceiptsAsync())[^1];
        Assert.Equal((CaseEvent.StartReview, made.Number, file), (receipt.Event, receipt.CaseNumber, receipt.Files.Single()));
    }

    [Fact]
    public async Task What_is_not_said_of_a_review_is_made_up()
    {
        var review = (await GetAsync((await server.NewAsync(CaseKind.Review)).CaseId)).Review;
        Assert.Equal(["FROZEN_FRUIT_ALL"], review.Products);
        Assert.Matches(@"\p{IsCJKUnifiedIdeographs}.*\n[A-Z][a-z]+ ", review.Summary);
        Assert.NotEmpty(review.Contact.Name);
        Assert.Equal("application/pdf", Assert.Single(review.Files).MediaType);
    }

    [Fact]
    public async Task Reviews_are_listed_beside_assessments_and_apart()
    {
        var review = await server.NewAsync(CaseKind.Review);
        var all = (await Us.Cases.ListCasesAsync(new ListCasesRequest { PageSize = 200 })).Cases;
        Assert.Contains(review, all);
        Assert.Contains(all, it => it.Kind == CaseKind.Assessment);
        foreach (var kind in new[] { CaseKind.Assessment, CaseKind.Review })
        {
            var listed = (await Us.Cases.ListCasesAsync(new ListCasesRequest { PageSize = 200, Kind = kind })).Cases;
            Assert.Equal(all.Where(it => it.Kind == kind), listed);
        }
    }

    [Theory]
    [InlineData(CaseEvent.AcceptReview, ReviewDecision.Accepted)]
    [InlineData(CaseEvent.DeclineReview, ReviewDecision.Declined)]
    public async Task An_answer_goes_to_Customs_with_its_contact(CaseEvent what, ReviewDecision decision)
    {
        server.Script.Hold();
        var made = await server.NewAsync(CaseKind.Review);
        var after = (await server.DoAsync(made.CaseId, what, Stage.Reception))!;
        Assert.Equal((Stage.Reception, Status.Declared), (after.Stage, after.Status));
        var answer = (await GetAsync(made.CaseId)).Review.Answer;
        Assert.Equal((decision, Authority.NewContact(), after.SubmitTime), (answer.Decision, answer.Contact, answer.SubmitTime));

        server.Script.Accept();
        await Us.UntilAsync(made.CaseId, Stage.Reception, Status.Sent);
        var sent = server.Script.Offered.Last(it => it.CaseNumber == made.Number);
        var contact = new ContactPerson(
            "Food Safety Division", "Jan Jansen", "Director", "297", "58", "1234567", "jan.jansen@food.example.aw");
        Assert.Equal(new ReviewAnswerContent(decision == ReviewDecision.Accepted, contact), sent.Content);
    }

    [Fact]
    public async Task A_declined_review_ends_as_soon_as_Customs_has_the_refusal()
    {
        server.Script.Hold();
        var made = await server.NewAsync(CaseKind.Review);
        await server.DoAsync(made.CaseId, CaseEvent.DeclineReview, Stage.Reception);
        var ended = (await server.DoAsync(made.CaseId, CaseEvent.Received, Stage.Reception))!;
        Assert.Equal((Stage.Completed, Status.Rejected), (ended.Stage, ended.Status));
        Assert.Empty(ended.AllowedEvents);
        Assert.Equal(ReviewDecision.Declined, (await GetAsync(made.CaseId)).Review.Answer.Decision);
        (await Refusal.OfAsync(() => server.DoAsync(made.CaseId, CaseEvent.AcceptReview, Stage.Reception)))
            .Is(StatusCode.FailedPrecondition, ErrorReason.StageCompleted);
    }

    [Fact]
    public async Task An_answer_that_did_not_arrive_may_be_another_the_next_time()
    {
        var caseId = await server.BringAsync(Stage.Reception, Status.ReceiveFailed, CaseKind.Review, declined: true);
        var first = (await GetAsync(caseId)).Case.SubmitTime;
        await server.DoAsync(caseId, CaseEvent.AcceptReview, Stage.Reception);
        var taken = (await server.DoAsync(caseId, CaseEvent.Received, Stage.Reception))!;
        Assert.Equal((Stage.Reception, Status.Received, first), (taken.Stage, taken.Status, taken.SubmitTime));
        Assert.Equal(ReviewDecision.Accepted, (await GetAsync(caseId)).Review.Answer.Decision);
        var opened = (await server.DoAsync(caseId, CaseEvent.OpenQuestionnaire, Stage.Reception))!;
        Assert.Equal((Stage.Questionnaire, Status.Pending), (opened.Stage, opened.Status));
    }

    [Fact]
    public async Task A_wrong_contact_is_refused_field_by_field_and_nothing_changes()
    {
        var made = await server.NewAsync(CaseKind.Review);
        var contact = new Contact
        {
            Department = new string('部', 201),
            Name = " ",
            Phone = new PhoneNumber { CountryCode = "+86", AreaCode = "1234567", Number = "12" },
            Email = "nobody",
        };
        const string Expected = """
            contact.department TooLong
            contact.email Malformed
            contact.name Required
            contact.phone.area_code Malformed
            contact.phone.country_code Malformed
            contact.phone.number Malformed
            contact.position Required
            """;
        var refused = await Refusal.OfAsync(Us.Reviews.AcceptReviewAsync(
            new AcceptReviewRequest { RequestId = Authority.NewId(), CaseId = made.CaseId, Contact = contact }));
        Assert.Equal(Expected.ReplaceLineEndings("\n"), refused.Is(StatusCode.InvalidArgument, ErrorReason.FieldInvalid).Fields);
        refused = await Refusal.OfAsync(Us.Reviews.DeclineReviewAsync(
            new DeclineReviewRequest { RequestId = Authority.NewId(), CaseId = made.CaseId, Contact = contact }));
        Assert.Equal(Expected.ReplaceLineEndings("\n"), refused.Is(StatusCode.InvalidArgument, ErrorReason.FieldInvalid).Fields);

        var none = await Us.Reviews.DeclineReviewAsync(
            new DeclineReviewRequest { RequestId = Authority.NewId(), CaseId = made.CaseId, ValidateOnly = true });
        Assert.Equal(
            ["contact.department Required", "contact.name Required", "contact.position Required",
                "contact.phone.country_code Required", "contact.phone.number Required", "contact.email Required"],
            none.Problems.Select(Refusal.Describe));
        Assert.Equal(made, none.Case);
        Assert.Equal(made, await Us.GetAsync(made.CaseId));
    }

    [Fact]
    public async Task An_answer_that_is_only_checked_changes_nothing()
    {
        var made = await server.NewAsync(CaseKind.Review);
        var checkedOnly = await Us.Reviews.AcceptReviewAsync(new AcceptReviewRequest
        {
            RequestId = Authority.NewId(),
            CaseId = made.Number,
            Contact = Authority.NewContact(),
            ValidateOnly = true,
        });
        Assert.Empty(checkedOnly.Problems);
        Assert.Equal(made, checkedOnly.Case);
        Assert.Null((await GetAsync(made.CaseId)).Review.Answer);
        Assert.Empty(await server.OutboxStatesAsync(made.CaseId));
    }

    [Fact]
    public async Task An_answer_has_its_effect_once_and_only_on_the_case_as_it_was_seen()
    {
        server.Script.Hold();
        var made = await server.NewAsync(CaseKind.Review);
        var request = new AcceptReviewRequest
        {
            RequestId = Authority.NewId(),
            CaseId = made.CaseId,
            Etag = "999",
            Contact = Authority.NewContact(),
        };
        (await Refusal.OfAsync(Us.Reviews.AcceptReviewAsync(request))).Is(StatusCode.Aborted, ErrorReason.EtagMismatch);
        request.Etag = made.Etag;
        var first = await Us.Reviews.AcceptReviewAsync(request);
        Assert.Equal(first, await Us.Reviews.AcceptReviewAsync(request));
        Assert.Single(await server.OutboxStatesAsync(made.CaseId));
        request.Contact.Name = "Somebody else";
        (await Refusal.OfAsync(Us.Reviews.AcceptReviewAsync(request))).Is(StatusCode.AlreadyExists, ErrorReason.RequestIdReused);
    }

    [Fact]
    public async Task What_one_kind_of_case_has_the_other_has_not()
    {
        var assessment = await server.NewAsync(CaseKind.Assessment);
        var review = await server.NewAsync(CaseKind.Review);
        var refused = await Refusal.OfAsync(() => GetAsync(assessment.CaseId));
        refused.Is(StatusCode.FailedPrecondition, ErrorReason.CaseKindNotAllowed);
        Assert.Equal(("ASSESSMENT", "APPLICATION", "DRAFT"),
            (refused.Metadata["kind"], refused.Metadata["stage"], refused.Metadata["status"]));
        (await Refusal.OfAsync(() => server.DoAsync(assessment.CaseId, CaseEvent.AcceptReview, Stage.Reception)))
            .Is(StatusCode.FailedPrecondition, ErrorReason.CaseKindNotAllowed);
        (await Refusal.OfAsync(Us.Applications.GetApplicationAsync(new GetApplicationRequest { CaseId = review.CaseId })))
            .Is(StatusCode.FailedPrecondition, ErrorReason.CaseKindNotAllowed);
        (await Refusal.OfAsync(() => server.DoAsync(review.CaseId, CaseEvent.Save, Stage.Application)))
            .Is(StatusCode.FailedPrecondition, ErrorReason.CaseKindNotAllowed);
    }

    [Fact]
    public async Task Another_authoritys_review_is_not_there()
    {
        var theirs = await server.NewAsync(CaseKind.Review);
        foreach (var id in new[] { theirs.CaseId, theirs.Number })
        {
            (await Refusal.OfAsync(server.Second.Reviews.GetReviewAsync(new GetReviewRequest { CaseId = id })))
                .Is(StatusCode.NotFound, ErrorReason.CaseNotFound);
            foreach (var what in new[] { CaseEvent.AcceptReview, CaseEvent.DeclineReview })
            {
                (await Refusal.OfAsync(() => Attempt.At(what, Stage.Reception).MakeAsync(server.Second, id, "")))
                    .Is(StatusCode.NotFound, ErrorReason.CaseNotFound);
            }
        }

        Assert.Equal(theirs, await Us.GetAsync(theirs.CaseId));
    }

    private async Task<GetReviewResponse> GetAsync(string caseId) =>
        await Us.Reviews.GetReviewAsync(new GetReviewRequest { CaseId = caseId });
}
