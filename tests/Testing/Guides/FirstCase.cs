#region using
using SingleWindowBridge;
#endregion

namespace SingleWindowBridge.Testing.Tests.Guides;

public sealed class FirstCase : Guide
{
    protected override SandboxServerOptions Options => new() { Scenario = "two_rectifications" };

    [Fact(Timeout = 120_000)]
    public async Task A_case_is_filed_and_brought_to_its_end()
    {
        string[] args = [Server.Endpoint.ToString(), Server.Key, PagePath, Server.Folder];
        using var said = new Said();

        #region places
        var (endpoint, key, path, folder) = (args[0], args[1], args[2], args[3]);
        var protocolPath = Path.Combine(folder, "protocol.pdf");
        #endregion

        #region connect
        await using var client = new SingleWindowClient(new SingleWindowClientOptions(endpoint, key));
        var authority = await client.Catalogue.GetAuthorityAsync();
        Console.WriteLine($"{authority.Name.Zh} {authority.Name.En}");
        #endregion

        #region scope
        var categories = await client.Catalogue.ListCategoriesAsync();
        var ours = categories.Where(category => category.Products.Any(product => authority.ProductScope.Contains(product.Code)));
        foreach (var category in ours)
            Console.WriteLine($"{category.Code} {category.Name.Zh} {category.Name.En}");
        #endregion

        #region form
        var letter = await client.Files.UploadAsync(path);
        var form = new Application
        {
            Category = "DEHYDRATED_VEGETABLES",
            Products = ["VEGETABLES_FRESH_KEEPING_AND_DEHYDRATED"],
            Contact = new Contact
            {
                Department = "Plant Health", Name = "J. Kelly", Position = "Senior Inspector", Email = "plants@authority.example",
                Phone = new PhoneNumber("297", "5204160"),
            },
            Summary = "脱水洋葱 dehydrated onion, Allium cepa L.",
            FileIds = [letter.Id],
        };
        #endregion

        #region check
        var check = await client.Applications.SubmitAsync(form with { Summary = null }, options: new SubmitOptions { ValidateOnly = true });
        foreach (var problem in check.Problems)
            Console.WriteLine($"{problem.Path}: {problem.Message.Zh} {problem.Message.En}");
        #endregion

        Assert.Equal("application.summary", Assert.Single(check.Problems).Path);

        #region submit
        var filed = await client.Applications.SubmitAndWaitAsync(form);
        Console.WriteLine($"{filed.Number}: {filed.Stage.Name().En}, {filed.Status.Name().En}");
        #endregion

        #region questionnaire
        var handle = client.Case(filed.Id);
        await handle.WaitForAsync(Stage.Questionnaire, Status.Pending);
        var questionnaire = await handle.GetQuestionnaireAsync();
        foreach (var question in questionnaire.Template.Questions)
            Console.WriteLine($"{question.Number} {question.Text.En}{(question.Required ? " *" : "")}");

        await handle.SaveAnswersAsync([Answer.OfText("supplementary_material", "Our laboratories are listed in the letter.", letter.Id)]);
        await handle.SubmitAnswersAsync();
        #endregion

        #region rectification
        while (true)
        {
            var now = await handle.WaitForAsync(
                it => it.Stage == Stage.ProtocolNegotiation || (it.Stage == Stage.Assessment && it.Allows(CaseEvent.Submit)));
            if (now.Stage == Stage.ProtocolNegotiation)
                break;
            var newest = (await handle.ListRectificationsAsync()).Rounds[0];
            Console.WriteLine($"Rectification {newest.Round}, {newest.Number}: {newest.Requirements}");
            await handle.SubmitRectificationAsync(new RectificationAnswer { Statement = "The plan is revised.", FileIds = [letter.Id] });
        }
        #endregion

        var rounds = (await handle.ListRectificationsAsync()).Rounds;
        Assert.Equal([2, 1], rounds.Select(round => round.Round));
        Assert.All(rounds, round => Assert.Contains($"Rectification {round.Round}, {round.Number}: {round.Requirements}", said.ToString(), StringComparison.Ordinal));

        #region negotiation
        var agreed = new NegotiationReply { Text = new NegotiationText { En = "We agree." } };
        await handle.WaitForAsync(Stage.ProtocolNegotiation, Status.Pending);
        await handle.SubmitReplyAsync(NegotiationTopic.Protocol, agreed);
        await handle.WaitForAsync(Stage.CertificateNegotiation, Status.Pending);
        await handle.SubmitReplyAsync(NegotiationTopic.Certificate, agreed);
        #endregion

        #region end
        await handle.WaitForAsync(it => it.HasEnded);
        var ended = await handle.GetAsync();
        await client.Files.DownloadAsync(ended.ProtocolFiles[0].Id, protocolPath);
        foreach (var file in ended.CertificateFiles)
            await client.Files.DownloadAsync(file.Id, Path.Combine(folder, file.Name));
        #endregion

        Assert.Equal((Stage.Completed, Status.Approved), (ended.Case.Stage, ended.Case.Status));
        Assert.True(File.Exists(protocolPath));
    }
    // What the console is told, until it is disposed.
    private sealed class Said : StringWriter
    {
        private readonly TextWriter _console = Console.Out;

        public Said() => Console.SetOut(this);

        protected override void Dispose(bool disposing)
        {
            Console.SetOut(_console);
            base.Dispose(disposing);
        }
    }
}
