using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Applications;

/// <summary>The rules of the form, one field at a time, at submit.</summary>
public sealed class FormTests(ScriptedServer server) : IClassFixture<ScriptedServer>
{
    private const string At = "application.contact";

    public static TheoryData<string, string> WrongForms
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (name, _, problem) in Wrong)
                data.Add(name, problem);
            return data;
        }
    }

    public static TheoryData<string> RightForms => [.. Right.Select(it => it.Name)];

    private static (string Name, Action<Application> Change, string Problem)[] Wrong { get; } =
    [
        ("no category", it => it.Category = "", "application.category Required\napplication.products[0] UnknownValue"),
        ("a category that does not exist", it => it.Category = "PLANETS",
            "application.category UnknownValue\napplication.products[0] UnknownValue"),
        ("a category outside the scope", it => (it.Category, it.Products[0]) = ("EGGS", "EGGS_AND_EGG_PRODUCTS"),
            "application.category OutOfScope\napplication.products[0] OutOfScope"),
        ("no product", it => it.Products.Clear(), "application.products Required"),
        ("a product that does not exist", it => it.Products[0] = "MOON_CHEESE", "application.products[0] UnknownValue"),
        ("a product of another category", it => it.Products.Add("MEAT_BEEF"), "application.products[1] UnknownValue"),
        ("a product twice", it => it.Products.Add(it.Products[0]), "application.products[1] Duplicate"),
        ("no contact", it => it.Contact = null,
            $"{At}.department Required\n{At}.email Required\n{At}.name Required\n{At}.phone.country_code Required\n{At}.phone.number Required\n{At}.position Required"),
        ("no department", it => it.Contact.Department = "", $"{At}.department Required"),
        ("a department of blanks", it => it.Contact.Department = " \t", $"{At}.department Required"),
        ("a department too long", it => it.Contact.Department = new string('司', 201), $"{At}.department TooLong"),
        ("no name", it => it.Contact.Name = "", $"{At}.name Required"),
        ("a name too long", it => it.Contact.Name = new string('n', 101), $"{At}.name TooLong"),
        ("no position", it => it.Contact.Position = "", $"{At}.position Required"),
        ("a position too long", it => it.Contact.Position = new string('p', 101), $"{At}.position TooLong"),
        ("no phone", it => it.Contact.Phone = null, $"{At}.phone.country_code Required\n{At}.phone.number Required"),
        ("no country code", it => it.Contact.Phone.CountryCode = "", $"{At}.phone.country_code Required"),
        ("a country code with a plus", it => it.Contact.Phone.CountryCode = "+31", $"{At}.phone.country_code Malformed"),
        ("a country code from zero", it => it.Contact.Phone.CountryCode = "031", $"{At}.phone.country_code Malformed"),
        ("a country code too long", it => it.Contact.Phone.CountryCode = "1234", $"{At}.phone.country_code Malformed"),
        ("a country code of full-width digits", it => it.Contact.Phone.CountryCode = "３１", $"{At}.phone.country_code Malformed"),
        ("an area code of letters", it => it.Contact.Phone.AreaCode = "A1", $"{At}.phone.area_code Malformed"),
        ("an area code too long", it => it.Contact.Phone.AreaCode = "1234567", $"{At}.phone.area_code Malformed"),
        ("no number", it => it.Contact.Phone.Number = "", $"{At}.phone.number Required"),
        ("a number too short", it => it.Contact.Phone.Number = "12", $"{At}.phone.number Malformed"),
        ("a number too long", it => it.Contact.Phone.Number = "123456789012345", $"{At}.phone.number Malformed"),
        ("a number of letters", it => it.Contact.Phone.Number = "CALL-ME", $"{At}.phone.number Malformed"),
        ("a number that ends on a hyphen", it => it.Contact.Phone.Number = "1234-", $"{At}.phone.number Malformed"),
        ("a number with a line end", it => it.Contact.Phone.Number = "123456\n", $"{At}.phone.number Malformed"),
        ("no e-mail", it => it.Contact.Email = "", $"{At}.email Required"),
        ("an e-mail without an at", it => it.Contact.Email = "jan.food.example.aw", $"{At}.email Malformed"),
        ("an e-mail with two ats", it => it.Contact.Email = "jan@food@example.aw", $"{At}.email Malformed"),
        ("an e-mail with a blank", it => it.Contact.Email = "jan jansen@example.aw", $"{At}.email Malformed"),
        ("an e-mail of a bare host", it => it.Contact.Email = "jan@localhost", $"{At}.email Malformed"),
        ("an e-mail with two dots", it => it.Contact.Email = "jan..jansen@example.aw", $"{At}.email Malformed"),
        ("an e-mail too long", it =>
            it.Contact.Email = $"{new string('a', 64)}@{string.Join('.', Enumerable.Repeat(new string('b', 60), 4))}.aw",
            $"{At}.email TooLong"),
        ("no summary", it => it.Summary = "", "application.summary Required"),
        ("2,049 letters", it => it.Summary = new string('s', 2049), "application.summary TooLong"),
        ("2,049 Chinese characters", it => it.Summary = new string('鱼', 2049), "application.summary TooLong"),
        ("2,049 characters outside the first plane", it => it.Summary = string.Concat(Enumerable.Repeat("𩽾", 2049)),
            "application.summary TooLong"),
        ("a summary that no XML can carry", it => it.Summary = "blue\u0001berries", "application.summary Malformed"),
        ("no file", it => it.FileIds.Clear(), "application.file_ids Required"),
        ("a file that does not exist", it => it.FileIds[0] = "01KA8BERGZQ4ZQJ7KJ41GPWGH3", "application.file_ids[0] FileNotFound"),
        ("an empty file id", it => it.FileIds[0] = "", "application.file_ids[0] FileNotFound"),
        ("a file twice", it => it.FileIds.Add(it.FileIds[0]), "application.file_ids[1] Duplicate"),
    ];

    private static (string Name, Action<Application> Change)[] Right { get; } =
    [
        ("no area code", it => it.Contact.Phone.AreaCode = ""),
        ("the longest phone", it =>
            it.Contact.Phone = new PhoneNumber { CountryCode = "999", AreaCode = "123456", Number = "12 34-5678901234" }),
        ("the longest contact", it => (it.Contact.Department, it.Contact.Name, it.Contact.Position) = (
            new string('司', 200), new string('n', 100), new string('p', 100))),
        ("an international e-mail", it => it.Contact.Email = "食品@海关.中国"),
        ("an e-mail with a tag", it => it.Contact.Email = "o'brien+food@sub.example-host.co.nz"),
        ("two products of a category", it => (it.Category, it.Products[0]) = ("AQUATIC", "AQUATIC_WILD")),
        ("2,048 letters", it => it.Summary = new string('s', 2048)),
        ("2,048 Chinese characters", it => it.Summary = new string('鱼', 2048)),
        ("2,048 characters outside the first plane", it => it.Summary = string.Concat(Enumerable.Repeat("𩽾", 2048))),
        ("a summary of several lines", it => it.Summary = "1. 蓝莓\r\n2. 覆盆子\tRubus idaeus"),
    ];

    [Theory, MemberData(nameof(WrongForms))]
    public async Task What_is_wrong_is_named_by_its_field(string name, string problems)
    {
        var form = await server.First.NewFormAsync();
        Wrong.Single(it => it.Name == name).Change(form);
        var refusal = await Refusal.OfAsync(Submit(server.First, form));
        refusal.Is(StatusCode.InvalidArgument, ErrorReason.FieldInvalid);
        Assert.Equal(problems, refusal.Fields);
    }

    [Theory, MemberData(nameof(RightForms))]
    public async Task What_is_right_is_submitted_as_it_came(string name)
    {
        server.Script.Hold();
        var form = await server.First.NewFormAsync();
        Right.Single(it => it.Name == name).Change(form);
        var made = (await Submit(server.First, form)).Case;
        Assert.Equal(form, (await server.First.Applications.GetApplicationAsync(
            new GetApplicationRequest { CaseId = made.CaseId })).Application);
        Assert.Equal((form.Category, form.Summary), (made.Category, made.Summary));
        Assert.Equal(form.Products, made.Products);
    }

    [Fact]
    public async Task Twenty_files_pass_and_twenty_one_do_not()
    {
        server.Script.Hold();
        var form = await server.First.NewFormAsync();
        while (form.FileIds.Count < 20)
            form.FileIds.Add(await server.First.UploadAsync());
        await Submit(server.First, form);

        form.FileIds.Add(await server.First.UploadAsync());
        Assert.Equal("application.file_ids TooMany", (await Refusal.OfAsync(Submit(server.First, form))).Fields);
    }

    [Fact]
    public async Task Another_authoritys_file_is_as_one_that_does_not_exist()
    {
        var form = await server.First.NewFormAsync();
        form.FileIds[0] = await server.Second.UploadAsync();
        Assert.Equal("application.file_ids[0] FileNotFound", (await Refusal.OfAsync(Submit(server.First, form))).Fields);
    }

    [Fact]
    public async Task The_scope_is_each_accounts_own()
    {
        server.Script.Hold();
        await server.First.ApplyAsync("MEAT", "MEAT_BEEF");
        var form = await server.Second.NewFormAsync("MEAT", "MEAT_BEEF");
        Assert.Equal("application.category OutOfScope\napplication.products[0] OutOfScope",
            (await Refusal.OfAsync(Submit(server.Second, form))).Fields);
    }

    [Fact]
    public async Task Everything_wrong_is_told_at_once()
    {
        var form = new Application
        {
            Category = "AQUATIC", Products = { "MEAT_BEEF", "NOTHING" }, Contact = new Contact { Email = "nobody" },
            FileIds = { "x" },
        };
        var refusal = await Refusal.OfAsync(Submit(server.First, form));
        Assert.Equal(
            $"""
            {At}.department Required
            {At}.email Malformed
            {At}.name Required
            {At}.phone.country_code Required
            {At}.phone.number Required
            {At}.position Required
            application.file_ids[0] FileNotFound
            application.products[0] UnknownValue
            application.products[1] UnknownValue
            application.summary Required
            """,
            refusal.Fields);
        Assert.Equal(("10", "10"), (refusal.Metadata["count"], refusal.Metadata["listed"]));
    }

    [Fact]
    public async Task Nothing_submitted_is_everything_missing()
    {
        var refusal = await Refusal.OfAsync(server.First.Applications.SubmitApplicationAsync(new SubmitApplicationRequest
        {
            RequestId = Authority.NewId(),
        }));
        Assert.Equal(10, refusal.Problems.Count);
        Assert.All(refusal.Problems, problem => Assert.Equal(FieldProblemCode.Required, problem.Code));
    }

    [Fact]
    public async Task A_save_without_a_form_is_refused()
    {
        var refusal = await Refusal.OfAsync(server.First.Applications.SaveApplicationAsync(new SaveApplicationRequest
        {
            RequestId = Authority.NewId(),
        }));
        Assert.Equal("application Required", refusal.Fields);
    }

    private static AsyncUnaryCall<SubmitApplicationResponse> Submit(Authority authority, Application form) =>
        authority.Applications.SubmitApplicationAsync(
            new SubmitApplicationRequest { RequestId = Authority.NewId(), Application = form });
}
