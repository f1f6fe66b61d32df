using Microsoft.Extensions.DependencyInjection;
using SingleWindowBridge.Testing;
using Sandbox = SingleWindow.Sandbox.V1;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Sdk.Tests;

public sealed class ClientTests
{
    [Theory]
    [InlineData("https://bridge.example", false, true)]
    [InlineData("http://localhost:5000", false, true)]
    [InlineData("http://127.0.0.1:5000", false, true)]
    [InlineData("http://[::1]:5000", false, true)]
    [InlineData("http://bridge.example", false, false)]
    [InlineData("http://10.0.0.7:5000", false, false)]
    [InlineData("http://bridge.example", true, true)]
    public void AKeyGoesUnencryptedOnlyToThisMachine(string endpoint, bool allow, bool works)
    {
        var options = new SingleWindowClientOptions(endpoint, "key-1") { AllowInsecureTransport = allow };
        if (works)
            new SingleWindowClient(options).Dispose();
        else
            Assert.Throws<InsecureTransportException>(() => new SingleWindowClient(options));
    }

    [Fact]
    public void WhatIsMissingIsNamed()
    {
        Assert.Throws<ArgumentException>("Endpoint", () => new SingleWindowClient(new() { ApiKey = "k" }));
        Assert.Throws<ArgumentException>("Endpoint", () => new SingleWindowClient(new("ftp://bridge.example", "k")));
        Assert.Throws<ArgumentException>("ApiKey", () => new SingleWindowClient(new() { Endpoint = new("https://bridge.example") }));
        Assert.Throws<ArgumentException>("ApiKey", () => new SingleWindowClient(new("https://bridge.example", "two words")));
        Assert.Throws<ArgumentOutOfRangeException>("Retry.MaxAttempts", () => new SingleWindowClient(
            new("https://bridge.example", "k") { Retry = new RetryOptions { MaxAttempts = 0 } }));
    }

    [Fact]
    public void ATimeThatAConnectionCannotHaveIsNamed()
    {
        Refused(nameof(SingleWindowClientOptions.KeepAliveInterval), options => options.KeepAliveInterval = TimeSpan.FromMilliseconds(999));
        Refused(nameof(SingleWindowClientOptions.KeepAliveTimeout), options => options.KeepAliveTimeout = TimeSpan.Zero);
        Refused(nameof(SingleWindowClientOptions.ConnectTimeout), options => options.ConnectTimeout = TimeSpan.Zero);
        Refused(nameof(SingleWindowClientOptions.ConnectTimeout), options => options.ConnectTimeout = TimeSpan.FromDays(25));
        new SingleWindowClient(new("https://bridge.example", "k")
        {
            KeepAliveInterval = Timeout.InfiniteTimeSpan,
            KeepAliveTimeout = TimeSpan.FromSeconds(1),
            ConnectTimeout = Timeout.InfiniteTimeSpan,
        }).Dispose();

        static void Refused(string name, Action<SingleWindowClientOptions> set)
        {
            var options = new SingleWindowClientOptions("https://bridge.example", "k");
            set(options);
            Assert.Throws<ArgumentOutOfRangeException>(name, () => new SingleWindowClient(options));
        }
    }

    [Fact]
    public async Task AHostGetsOneClient()
    {
        await using var services = new ServiceCollection()
            .AddSingleWindow(options =>
            {
                options.Endpoint = new Uri("https://bridge.example");
                options.ApiKey = "key-1";
            })
            .BuildServiceProvider();
        var client = services.GetRequiredService<ISingleWindowClient>();
        Assert.Same(client, services.GetRequiredService<ISingleWindowClient>());
        Assert.IsType<SingleWindowClient>(client);
    }

    [Fact]
    public async Task ANewApplicationThatWasOnlyCheckedHasNoCaseYet()
    {
        var invoker = new ScriptedInvoker().On(
            "SubmitApplication",
            (Wire.SubmitApplicationRequest _) => new Wire.SubmitApplicationResponse
            {
                Problems = { new Wire.FieldProblem { Field = "application.summary", Code = Wire.FieldProblemCode.Required } },
            });
        var change = await invoker.Client().Applications.SubmitAsync(
            new Application(), options: new SubmitOptions { ValidateOnly = true });
        Assert.Equal("", change.Case.Id);
        var problem = Assert.Single(change.Problems);
        Assert.Equal(("application.summary", FieldProblemCode.Required), (problem.Path, problem.Code));
        await Assert.ThrowsAsync<InvalidOperationException>(() => change.Handle.GetAsync());
        Assert.True(invoker.Requests<Wire.SubmitApplicationRequest>().Single().ValidateOnly);
    }

    [Fact]
    public async Task AnApplicationGoesOverWholeAndComesBackTheSame()
    {
        var application = new Application
        {
            Category = "AQUATIC",
            Products = ["AQUATIC_WILD"],
            Contact = new Contact
            {
                Department = "Fisheries", Name = "A. Croes", Position = "Head", Email = "a@example.aw",
                Phone = new PhoneNumber("297", "582 0000", "5"),
            },
            Summary = "冻金枪鱼 Thunnus albacares",
            FileIds = ["f1", "f2"],
        };
        var invoker = new ScriptedInvoker()
            .On("SaveApplication", (Wire.SaveApplicationRequest _) => new Wire.SaveApplicationResponse
            {
                Case = new Wire.Case { CaseId = "c" },
            })
            .On("GetApplication", (Wire.GetApplicationRequest request) => new Wire.GetApplicationResponse
            {
                Case = new Wire.Case { CaseId = request.CaseId },
                Application = application.ToWire(),
            });
        var change = await invoker.Client().Applications.SaveAsync(application);
        Assert.Equal(application.ToWire(), invoker.Requests<Wire.SaveApplicationRequest>().Single().Application);
        var form = await change.Handle.GetApplicationAsync();
        Assert.Equivalent(application, form.Application, strict: true);
    }

    [Fact]
    public void EveryAnswerComesBackAsItWent()
    {
        Answer[] answers =
        [
            Answer.OfText("1", "text", "f"),
            Answer.OfYesNo("2", false),
            Answer.OfNumber("3", 1250.50m),
            Answer.OfDate("4", new DateOnly(2026, 11, 22)),
            Answer.OfChoices("5", ["A", "B"]),
            Answer.OfTable("6", [new Dictionary<string, string> { ["x"] = "1" }, new Dictionary<string, string>()]),
            Answer.OfFiles("7", "f1", "f2"),
            new Answer { QuestionId = "8", Value = new AnswerValue.Raw(QuestionType.Number, "1e99") },
            new Answer { QuestionId = "9", Value = new AnswerValue.Raw(QuestionType.Date, "2026-13-01") },
        ];
        foreach (var answer in answers)
            Assert.Equivalent(answer, answer.ToWire().ToModel(), strict: true);
        Assert.Equal("1250.50", answers[2].ToWire().Number);
        Assert.Equal("2026-11-22", answers[3].ToWire().Date);
    }

    [Fact]
    public async Task CasesAreListedPageAfterPage()
    {
        var invoker = new ScriptedInvoker()
            .On("ListCases", (Wire.ListCasesRequest _) => new Wire.ListCasesResponse
            {
                Cases = { new Wire.Case { CaseId = "3" }, new Wire.Case { CaseId = "2" } }, NextPageToken = "more",
            })
            .On("ListCases", (Wire.ListCasesRequest _) => new Wire.ListCasesResponse { Cases = { new Wire.Case { CaseId = "1" } } });
        var ids = new List<string>();
        await foreach (var found in invoker.Client().Cases.ListAsync(new CaseFilter { Stage = Stage.Questionnaire }))
            ids.Add(found.Id);
        Assert.Equal(["3", "2", "1"], ids);
        var requests = invoker.Requests<Wire.ListCasesRequest>().ToList();
        Assert.Equal(["", "more"], requests.Select(request => request.PageToken));
        Assert.All(requests, request => Assert.Equal(Wire.Stage.Questionnaire, request.Stage));
    }

    [Fact]
    public void EveryActOfCustomsCanBePerformed()
    {
        var acts = typeof(CustomsAct).GetNestedTypes().Select(type =>
        {
            var constructor = type.GetConstructors().Single();
            return (CustomsAct)constructor.Invoke([.. constructor.GetParameters().Select(parameter =>
                parameter.ParameterType == typeof(NegotiationText) ? new NegotiationText { En = "text" }
                : parameter.ParameterType == typeof(string) ? "text" : (object?)null)]);
        });
        var performed = acts.Select(act => act.ToWire().ActCase).Order();
        Assert.Equal(Enum.GetValues<Sandbox.CustomsAct.ActOneofCase>().Where(act => act != 0).Order(), performed);
    }

    [Fact]
    public async Task AnActCarriesItsFilesAndAnswersWithTheCase()
    {
        var invoker = new ScriptedInvoker().On("PerformAct", (Sandbox.PerformActRequest _) => new Sandbox.PerformActResponse
        {
            Case = new Wire.Case { CaseId = "c", Stage = Wire.Stage.ProtocolSigning },
        });
        var act = new CustomsAct.PublishProtocol([new SandboxFile("protocol.pdf", new byte[] { 1, 2, 3 })]);
        var change = await invoker.Client().Sandbox.PerformAsync("c", act);
        Assert.Equal(Stage.ProtocolSigning, change.Case.Stage);
        var file = invoker.Requests<Sandbox.PerformActRequest>().Single().Act.PublishProtocol.Files.Single();
        Assert.Equal(("protocol.pdf", 3), (file.Name, file.Content.Length));
    }
}
