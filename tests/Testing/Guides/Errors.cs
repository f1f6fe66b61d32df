namespace SingleWindowBridge.Testing.Tests.Guides;

public sealed class Errors : Guide
{
    [Fact(Timeout = 120_000)]
    public async Task Errors_say_what_to_do()
    {
        var client = Server.Client;
        var told = new List<string>();
        var form = new Application { Category = "MOON", Products = ["CHEESE"] };

        #region fields
        try
        {
            await client.Applications.SubmitAsync(form);
        }
        catch (ValidationException wrong)
        {
            foreach (var field in wrong.Fields)
                told.Add($"{field.Path}: {field.Message.Zh} {field.Message.En}");
        }
        #endregion

        Assert.Contains(told, line => line.StartsWith("application.category", StringComparison.Ordinal));
        var seeded = await client.SeedCaseAsync(new SeedCase(Stage.Questionnaire));
        var handle = client.Case(seeded.Id);

        #region transition
        try
        {
            await handle.SubmitReplyAsync(NegotiationTopic.Protocol, new NegotiationReply { Text = new NegotiationText { En = "Agreed." } });
        }
        catch (TransitionNotAllowedException early)
        {
            told.Add($"The case is in {early.Stage} {early.Status}: {early.MessageEn}");
        }
        #endregion

        Assert.Contains("Questionnaire Pending", told[^1], StringComparison.Ordinal);

        #region etag
        var seen = (await handle.GetAsync()).Case;
        try
        {
            await handle.SaveAnswersAsync([Answer.OfText("supplementary_material", "Draft 2")], options: new ChangeOptions { ETag = seen.ETag });
        }
        catch (EtagMismatchException)
        {
            // A colleague was quicker: read again, decide again, send with a new request id.
        }
        #endregion

        #region rest
        try
        {
            await client.Cases.GetAsync("no such case");
        }
        catch (SingleWindowException error)
        {
            told.Add($"{error.ReasonCode}: {error.MessageZh} {error.MessageEn} (retry helps: {error.IsRetryable}, attempts: {error.Attempts})");
        }
        #endregion

        Assert.StartsWith("CASE_NOT_FOUND: ", told[^1], StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_change_whose_answer_was_lost_is_asked_for_again()
    {
        var endpoint = Server.Endpoint;
        var letter = await Server.Client.Files.UploadAsync(PagePath);
        var form = new Application
        {
            Category = "AQUATIC",
            Products = ["AQUATIC_WILD"],
            Contact = new Contact
            {
                Department = "Fisheries", Name = "A. Croes", Position = "Head of exports", Email = "a.croes@authority.example",
                Phone = new PhoneNumber("297", "5820000"),
            },
            Summary = "冻金枪鱼 frozen yellowfin tuna, Thunnus albacares",
            FileIds = [letter.Id],
        };
        var lost = new LosesFirstAnswer();
        await using var client = new SingleWindowClient(new SingleWindowClientOptions
        {
            Endpoint = endpoint, ApiKey = Server.Key, HttpHandler = lost, Retry = new RetryOptions { MaxAttempts = 1 },
        });
        static Task StoreAsync(Guid id) => Task.CompletedTask;

        #region outcome
        var options = new SubmitOptions { RequestId = Guid.NewGuid() };
        await StoreAsync(options.RequestId.Value); // Before the call: then a new process can ask again, too.
        CaseChange filed;
        try
        {
            filed = await client.Applications.SubmitAsync(form, options: options);
        }
        catch (OutcomeUnknownException)
        {
            // It was made or not. The same request id with the same content makes it once, and gives its answer.
            filed = await client.Applications.SubmitAsync(form, options: options);
        }
        #endregion

        Assert.True(lost.Lost);
        Assert.Equal(filed.Case.Id, Assert.Single(await client.Cases.ListAsync().ToListAsync()).Id);
    }

    // The bridge makes the change; its answer never comes.
    private sealed class LosesFirstAnswer : DelegatingHandler
    {
        public LosesFirstAnswer() => InnerHandler = new SocketsHttpHandler();

        public bool Lost { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (Lost)
                return response;
            Lost = true;
            await response.Content.ReadAsByteArrayAsync(cancellationToken);
            throw new HttpRequestException("The connection was cut.");
        }
    }
}
