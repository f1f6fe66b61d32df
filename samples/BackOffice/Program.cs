using System.CommandLine;
using BackOffice;
using SingleWindowBridge;
using Spectre.Console;

var inputArgument = new Argument<string>("input") { Description = "The case to file: a JSON file, such as inputs/aquatic.json." };
var endpointOption = Option("--endpoint", "http://127.0.0.1:5080", "The bridge.");
var keyOption = Option("--key", "swb_sandbox_aruba_try_me", "The authority's key.");
var stateOption = Option("--state", "backoffice-state", "The folder in which it remembers where it was.");
var outOption = Option("--out", "backoffice-out", "The folder for the protocol and the certificates.");
var newOption = new Option<bool>("--new") { Description = "File another case, although this input was filed before." };
var reviewsOption = new Option<bool>("--watch-reviews")
{
    Description = "Wait for Customs to start a review, and answer that, instead of filing a case.",
};
var command = new RootCommand(
    "Files a case with China Customs and follows it to the end. Started again, it goes on where it was.")
{
    inputArgument, endpointOption, keyOption, stateOption, outOption, newOption, reviewsOption,
};
command.SetAction(async (options, cancellationToken) =>
{
    try
    {
        return await RunAsync(options, cancellationToken);
    }
    catch (OperationCanceledException)
    {
        return Fail("已中断；以同一输入再次启动即可继续。 Interrupted; start it again with the same input to go on.");
    }
    catch (CaseNotFoundException)
    {
        return Fail("服务端没有状态文件中的申请。 The bridge does not know the case of the state; --new files another.");
    }
    catch (SingleWindowException exception)
    {
        return Fail($"{exception.MessageZh}\n{exception.Message}");
    }
    catch (Exception exception) when (exception is BackOfficeException or ArgumentException or UriFormatException or IOException)
    {
        return Fail(exception.Message);
    }
});
return await command.Parse(args).InvokeAsync();

async Task<int> RunAsync(ParseResult options, CancellationToken cancellationToken)
{
    var inputPath = options.GetRequiredValue(inputArgument);
    var input = CaseInput.Read(inputPath);
    var review = options.GetValue(reviewsOption)
        ? input.Review ?? throw new BackOfficeException($"The input {inputPath} says nothing of a review.")
        : null;
    if (review is null && input.Applications.Count == 0)
        throw new BackOfficeException($"The input {inputPath} holds no application.");
    using var file = StateFile.Open(options.GetRequiredValue(stateOption), inputPath, review is null ? "" : "-review");
    if (file.State.Outcome is { } before && !options.GetValue(newOption))
    {
        Console.Error.WriteLine(
            "此输入的申请早已办结；如需另行申请，请加 --new。 The case of this input has ended before; --new files another.");
        return Report(file.State, before);
    }

    var endpoint = options.GetRequiredValue(endpointOption);
    await using var client = new SingleWindowClient(new SingleWindowClientOptions(endpoint, options.GetRequiredValue(keyOption)));
    var authority = await ConnectAsync(client, endpoint, cancellationToken);
    if (options.GetValue(newOption))
        file.BeginAnew();

    ITimeline timeline = AnsiConsole.Profile.Out.IsTerminal && AnsiConsole.Profile.Capabilities.Interactive
        ? new LiveTimeline(AnsiConsole.Console)
        : new PlainTimeline(Console.Out, Console.Error);
    timeline.Note(file.State.CaseId is null
        ? review is null
            ? new($"{authority.Name.Zh}：新申请。", $"{authority.Name.En}: a new case.")
            : new($"{authority.Name.Zh}：等待回顾性检查 {review.Category}。", $"{authority.Name.En}: waiting for a review of {review.Category}.")
        : new(
            $"{authority.Name.Zh}：继续申请 {file.State.CaseNumber}，已处理回执至第 {file.State.LastReceipt} 号。",
            $"{authority.Name.En}: going on with case {file.State.CaseNumber} after receipt {file.State.LastReceipt}."));
    timeline.Recall(file.State.Receipts);

    var files = new CaseFiles(client, file, input.Folder, options.GetRequiredValue(outOption));
    var responder = new Responder(client, file, files, input);
    var opening = new Opening(client, file, authority, input.Sandbox, review);
    var follower = new CaseFollower(client, file, opening, responder, files, authority, timeline);
    return Report(file.State, await timeline.DuringAsync(() => follower.FollowAsync(cancellationToken)));
}

static async Task<Authority> ConnectAsync(SingleWindowClient client, string endpoint, CancellationToken cancellationToken)
{
    try
    {
        return await client.Catalogue.GetAuthorityAsync(cancellationToken);
    }
    catch (Exception exception) when (exception is UnavailableException or DeadlineExceededException)
    {
        throw new BackOfficeException(
            $"无法连接服务端。 The bridge at {endpoint} cannot be reached: {exception.Message}", exception);
    }
}

static int Report(FiledCase state, Outcome outcome)
{
    foreach (var path in state.Saved.Values)
        Console.Error.WriteLine($"已保存 Saved {path}");
    var line = $"{state.CaseNumber} {outcome.Stage.Code()} {outcome.Status.Code()}";
    Console.WriteLine(outcome switch
    {
        { IsApproved: true } => line,
        { IsDeclined: true } => $"{line}: 已拒绝检查 declined",
        _ => $"{line}: {outcome.Opinion?.ReplaceLineEndings(" ")}",
    });
    return outcome.IsApproved || outcome.IsDeclined ? 0 : 1;
}

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 1;
}

static Option<string> Option(string name, string value, string description) =>
    new(name) { DefaultValueFactory = _ => value, Description = description };
