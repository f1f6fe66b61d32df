using Google.Protobuf;
using Grpc.Core;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Sdk.Tests;

public sealed class ErrorTests
{
    [Fact]
    public async Task AValidationErrorListsEveryFieldInBothLanguages()
    {
        var problems = new Wire.FieldProblems
        {
            Problems =
            {
                new Wire.FieldProblem
                {
                    Field = "application.contact.phone.number",
                    Code = Wire.FieldProblemCode.Required,
                    Message = new Wire.LocalizedText { Zh = "请填写电话号码", En = "Give the number" },
                },
                new Wire.FieldProblem { Field = "application.summary", Code = (Wire.FieldProblemCode)99 },
            },
        };
        var bad = new Rich.BadRequest { FieldViolations = { new Rich.BadRequest.Types.FieldViolation { Field = "other" } } };
        var invoker = new ScriptedInvoker().Fail(
            "SubmitApplication", Failures.Rich(StatusCode.InvalidArgument, "FIELD_INVALID", [bad, problems], ("count", "2")));

        var requestId = Guid.NewGuid();
        var thrown = await Assert.ThrowsAsync<ValidationException>(() =>
            invoker.Client().Applications.SubmitAsync(new Application(), options: new SubmitOptions { RequestId = requestId }));

        Assert.Equal(ErrorReason.FieldInvalid, thrown.Reason);
        Assert.Equal("FIELD_INVALID", thrown.ReasonCode);
        Assert.Equal(RpcStatusCode.InvalidArgument, thrown.StatusCode);
        Assert.Equal("中文说明", thrown.MessageZh);
        Assert.Equal("English text", thrown.MessageEn);
        Assert.Equal("2", thrown.Metadata["count"]);
        Assert.Equal(requestId, thrown.RequestId);
        Assert.Equal(1, thrown.Attempts);
        Assert.False(thrown.IsRetryable);
        Assert.Collection(
            thrown.Fields,
            field =>
            {
                Assert.Equal("application.contact.phone.number", field.Path);
                Assert.Equal(FieldProblemCode.Required, field.Code);
                Assert.Equal("请填写电话号码", field.Message.Zh);
            },
            field => Assert.False(field.Code.IsKnown()));
        Assert.Contains("application.contact.phone.number: Give the number (Required)", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("ApplicationService/SubmitApplication", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(requestId.ToString(), thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BadRequestAloneStillGivesTheFields()
    {
        var bad = new Rich.BadRequest
        {
            FieldViolations = { new Rich.BadRequest.Types.FieldViolation { Field = "page_size", Description = "Too large" } },
        };
        var error = ErrorReader.Read(Failures.Rich(StatusCode.InvalidArgument, "FIELD_INVALID", [bad]));
        var field = Assert.Single(error.Fields);
        Assert.Equal("page_size", field.Path);
        Assert.Equal("Too large", field.Message.En);
    }

    [Fact]
    public async Task AWrongStageSaysWhereTheCaseStandsAndWhatIsAllowed()
    {
        var invoker = new ScriptedInvoker().Fail("SubmitAnswers", Failures.Rich(
            StatusCode.FailedPrecondition,
            "STAGE_NOT_REACHED",
            ("event", "SUBMIT"),
            ("stage", "APPLICATION"),
            ("status", "RECEIVED"),
            ("allowed", "QUESTIONNAIRE:PENDING|DRAFT|RECEIVE_FAILED|CORRECTION_REQUIRED")));

        var thrown = await Assert.ThrowsAsync<StageNotReachedException>(() => invoker.Client().Case("c").SubmitAnswersAsync());

        Assert.IsAssignableFrom<TransitionNotAllowedException>(thrown);
        Assert.Equal(CaseEvent.Submit, thrown.Event);
        Assert.Equal((Stage.Application, Status.Received), (thrown.Stage, thrown.Status));
        Assert.Equal(
            [Status.Pending, Status.Draft, Status.ReceiveFailed, Status.CorrectionRequired], thrown.Allowed.Select(a => a.Status));
        Assert.All(thrown.Allowed, allowed => Assert.Equal(Stage.Questionnaire, allowed.Stage));
    }

    [Fact]
    public void ACursorAheadGivesBothNumbers()
    {
        var error = ErrorReader.Read(Failures.Rich(
            StatusCode.OutOfRange, "CURSOR_AHEAD_OF_FEED", ("number", "812"), ("head_number", "790")));
        var exception = Assert.IsType<CursorAheadOfFeedException>(ErrorTable.ToException(error));
        Assert.Equal((812, 790), (exception.Number, exception.HeadNumber));
    }

    [Fact]
    public void EveryReasonOfTheContractHasAnExceptionOfItsOwnMeaning()
    {
        foreach (var reason in Enum.GetValues<Wire.ErrorReason>().Where(reason => reason != 0))
        {
            Assert.True(ErrorTable.Knows((ErrorReason)reason), $"{reason} has no exception.");
            var thrown = ErrorTable.ToException(new SingleWindowError { Reason = (ErrorReason)reason });
            Assert.NotEqual(typeof(SingleWindowException), thrown.GetType());
        }
    }

    [Fact]
    public void EveryReasonIsReadFromItsCode()
    {
        foreach (var value in Wire.ErrorReasonReflection.Descriptor.EnumTypes[0].Values.Where(value => value.Number != 0))
        {
            var code = value.Name["ERROR_REASON_".Length..];
            var error = ErrorReader.Read(Failures.Rich(StatusCode.Internal, code));
            Assert.Equal((ErrorReason)value.Number, error.Reason);
            Assert.Equal(code, error.ReasonCode);
        }
    }

    [Theory]
    [InlineData(StatusCode.NotFound, typeof(NotFoundException))]
    [InlineData(StatusCode.InvalidArgument, typeof(InvalidRequestException))]
    [InlineData(StatusCode.FailedPrecondition, typeof(SingleWindowException))]
    [InlineData(StatusCode.Unauthenticated, typeof(CredentialsException))]
    [InlineData(StatusCode.Unimplemented, typeof(NotSupportedByServerException))]
    [InlineData(StatusCode.DeadlineExceeded, typeof(DeadlineExceededException))]
    [InlineData(StatusCode.Internal, typeof(BridgeFaultException))]
    [InlineData(StatusCode.ResourceExhausted, typeof(SingleWindowException))]
    public async Task AReasonOfANewerServerIsTypedByItsStatus(StatusCode code, Type type)
    {
        var invoker = new ScriptedInvoker().Fail("GetCase", Failures.Rich(code, "SOMETHING_NEW"));
        var thrown = await Assert.ThrowsAsync(type, () => invoker.Client().Cases.GetAsync("c"));
        Assert.Equal("SOMETHING_NEW", ((SingleWindowException)thrown).ReasonCode);
        Assert.Equal(ErrorReason.Unknown, ((SingleWindowException)thrown).Reason);
    }

    [Fact]
    public void AReasonOfANewerServerThatNamesAStageIsOfTheStage()
    {
        var error = ErrorReader.Read(Failures.Rich(StatusCode.FailedPrecondition, "SOMETHING_NEW", ("stage", "QUESTIONNAIRE"), ("status", "DRAFT")));
        var thrown = Assert.IsType<TransitionNotAllowedException>(ErrorTable.ToException(error));
        Assert.Equal((Stage.Questionnaire, Status.Draft), (thrown.Stage, thrown.Status));
    }

    [Fact]
    public void DamagedDetailsLeaveWhatTheStatusSays()
    {
        var trailers = new Metadata { { "grpc-status-details-bin", [0xff, 0xff, 0xff] } };
        var error = ErrorReader.Read(new RpcException(new Grpc.Core.Status(StatusCode.NotFound, "gone"), trailers));
        Assert.Equal((RpcStatusCode.NotFound, null), (error.StatusCode, error.ReasonCode));
        Assert.Equal("The call failed with NotFound. (gone)", error.MessageEn);
    }

    [Fact]
    public void AReasonOfAnotherDomainIsNotTakenForOurs()
    {
        var status = new Rich.Status();
        status.Details.Add(Google.Protobuf.WellKnownTypes.Any.Pack(
            new Rich.ErrorInfo { Reason = "CASE_NOT_FOUND", Domain = "proxy.example" }));
        var trailers = new Metadata { { "grpc-status-details-bin", status.ToByteArray() } };
        var error = ErrorReader.Read(new RpcException(new Grpc.Core.Status(StatusCode.NotFound, ""), trailers));
        Assert.Equal(ErrorReason.Unknown, error.Reason);
    }

    [Theory]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.Unknown)]
    [InlineData(StatusCode.Cancelled)]
    public async Task AChangeWithoutAnAnswerHasAnUnknownOutcome(StatusCode code)
    {
        var invoker = new ScriptedInvoker().Fail("RedeliverCase", Failures.Plain(code));
        var thrown = await Assert.ThrowsAsync<OutcomeUnknownException>(() => invoker.Client().Case("c").RedeliverAsync());
        Assert.True(thrown.IsOutcomeUnknown);
        Assert.True(thrown.IsRetryable);
        Assert.Equal(thrown.RequestId.ToString(), invoker.Requests<Wire.RedeliverCaseRequest>().Single().RequestId);
    }

    [Fact]
    public async Task AReadingWithoutAnAnswerHasNoOutcome()
    {
        var invoker = new ScriptedInvoker().Fail("GetCase", Failures.Plain(StatusCode.Unavailable), times: 5);
        var thrown = await Assert.ThrowsAsync<UnavailableException>(() => invoker.Client().Cases.GetAsync("c"));
        Assert.False(thrown.IsOutcomeUnknown);
        Assert.Null(thrown.RequestId);
        Assert.Equal(5, thrown.Attempts);
    }
}
