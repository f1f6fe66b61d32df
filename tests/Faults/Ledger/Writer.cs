using System.Security.Cryptography;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Faults.Ledger;

/// <summary>
/// A back office: uploads files and has them back, saves, amends, discards and submits drafts, and brings submitted cases on, a change
/// at a time. What becomes of a change that got no answer it finds out by asking again with the same request id.
/// </summary>
internal sealed class Writer(
    SingleWindowClient client, string authority, string ledger, string name, Random random, Action acknowledged, Action unknown)
{
    private const int MostCases = 6;
    private const string Category = "FROZEN_FRUIT";
    private const int LeastBytes = 500;
    private const int MostBytes = 6_000;

    private static readonly Contact Contact = new()
    {
        Department = "Plant Health", Name = "J. Kelly", Position = "Inspector", Phone = new PhoneNumber("297", "5204160"), Email = "plants@authority.example",
    };

    private readonly List<Draft> _drafts = [];
    private readonly List<string> _submitted = [];
    private readonly List<StoredFile> _files = [];
    private readonly LedgerFile _ledger = new(ledger);
    private int _changes;

    /// <summary>The authority's id.</summary>
    public string Authority => authority;

    /// <summary>What it wrote down.</summary>
    public LedgerFile Ledger => _ledger;

    /// <summary>Makes changes until it is enough, and then leaves none without an answer.</summary>
    public async Task RunAsync(CancellationToken enough)
    {
        await Task.Yield();
        while (_files.Count == 0 && !enough.IsCancellationRequested)
            await UploadAsync();
        while (!enough.IsCancellationRequested)
            await StepAsync();
    }

    private Task StepAsync()
    {
        var busy = _drafts.Count + _submitted.Count >= MostCases;
        var draft = _drafts.Count > 0 ? _drafts[random.Next(_drafts.Count)] : null;
        return random.Next(12) switch
        {
            10 => UploadAsync(),
            11 => HaveBackAsync(AnyFile()),
            0 when !busy => SaveNewAsync(),
            1 when !busy => SubmitNewAsync(),
            2 when draft is not null => AmendAsync(draft),
            3 when draft is not null => DiscardAsync(draft),
            4 or 5 when draft is not null => SubmitAsync(draft),
            _ when _submitted.Count > 0 => BringOnAsync(_submitted[random.Next(_submitted.Count)]),
            _ => busy ? SubmitAsync(draft!) : SaveNewAsync(),
        };
    }

    private async Task SaveNewAsync()
    {
        var form = NewForm();
        if (await ChangeAsync(CaseEvent.Save, null, form.Summary, options => client.Applications.SaveAsync(form, null, options)) is { } made)
            _drafts.Add(new Draft(made.Id, made.ETag));
    }

    private async Task SubmitNewAsync()
    {
        var form = NewForm();
        if (await ChangeAsync(CaseEvent.Submit, null, form.Summary, options => client.Applications.SubmitAsync(form, null, options)) is { } made)
            _submitted.Add(made.Id);
    }

    // Nobody else changes a draft, so its etag must be the one that was answered last, also where the answer came to a repeat.
    private async Task AmendAsync(Draft draft)
    {
        var form = NewForm();
        _drafts.Remove(draft);
        if (await ChangeAsync(
            CaseEvent.Save, draft.Id, form.Summary,
            options => client.Applications.SaveAsync(form, draft.Id, options with { ETag = draft.ETag })) is { } made)
        {
            _drafts.Add(new Draft(made.Id, made.ETag));
        }
    }

    private async Task SubmitAsync(Draft draft)
    {
        _drafts.Remove(draft);
        if (await ChangeAsync(
            CaseEvent.Submit, draft.Id, null,
            options => client.Applications.SubmitAsync(null, draft.Id, options with { ETag = draft.ETag })) is { } made)
        {
            _submitted.Add(made.Id);
        }
    }

    private async Task DiscardAsync(Draft draft)
    {
        _drafts.Remove(draft);
        var intent = new LedgerLine(LedgerWord.Intent, Guid.NewGuid(), CaseEvent.Discard, draft.Id);
        await AskAsync(intent, async () =>
        {
            await client.Applications.DiscardAsync(draft.Id, new ChangeOptions { RequestId = intent.RequestId, ETag = draft.ETag });
            return (draft, intent);
        });
    }

    private async Task UploadAsync()
    {
        var content = SampleFiles.PdfOf(random.Next(LeastBytes, MostBytes));
        var intent = new LedgerLine(
            LedgerWord.Intent, Guid.NewGuid(), null, Sha256: Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant());
        var file = await AskAsync(intent, async () =>
        {
            var made = await client.Files.UploadAsync(
                new MemoryStream(content), "page.pdf", new UploadOptions { RequestId = intent.RequestId });
            return (made.File, intent with { FileId = made.Id });
        });
        if (file is not null)
            _files.Add(file);
    }

    // The client itself holds what came against its hash.
    private async Task HaveBackAsync(StoredFile file)
    {
        try
        {
            Assert.Equal(file, await client.Files.DownloadAsync(file.Id, Stream.Null));
        }
        catch (SingleWindowException failure) when (failure.IsRetryable)
        {
            // The end compares all files once more.
        }
    }

    private StoredFile AnyFile() => _files[random.Next(_files.Count)];

    private async Task BringOnAsync(string id)
    {
        Case at;
        try
        {
            at = (await client.Cases.GetAsync(id)).Case;
        }
        catch (SingleWindowException failure) when (failure.IsRetryable)
        {
            return;
        }

        if (at.HasEnded)
            _submitted.Remove(id);
        else if (at.Allows(CaseEvent.Submit))
            await SubmitAsync(client.Case(id), at.Stage);
        else
            await Task.Delay(5);
    }

    // What is asked again is the same to the last field.
    private Task<Case?> SubmitAsync(CaseHandle handle, Stage stage)
    {
        var file = AnyFile().Id;
        return ChangeAsync(CaseEvent.Submit, handle.Id, null, options => stage switch
        {
            Stage.Application => handle.SubmitApplicationAsync(null, options),
            Stage.Questionnaire => handle.SubmitAnswersAsync(
                [new Answer { QuestionId = "supplementary_material", Value = new AnswerValue.Text("见附件"), FileIds = [file] }], options),
            Stage.Assessment => handle.SubmitRectificationAsync(new RectificationAnswer { Statement = "已整改", FileIds = [file] }, options),
            Stage.ProtocolNegotiation => handle.SubmitReplyAsync(NegotiationTopic.Protocol, Reply, options),
            Stage.CertificateNegotiation => handle.SubmitReplyAsync(NegotiationTopic.Certificate, Reply, options),
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "Nothing is asked here."),
        });
    }

    private static NegotiationReply Reply => new() { Text = new NegotiationText { En = "We agree." } };

    private Application NewForm() => new()
    {
        Category = Category, Products = ["FROZEN_FRUIT_ALL"], Contact = Contact, Summary = $"冷冻蓝莓 {name} {++_changes}", FileIds = [AnyFile().Id],
    };

    private Task<Case?> ChangeAsync(CaseEvent what, string? id, string? summary, Func<SubmitOptions, Task<CaseChange>> change)
    {
        var intent = new LedgerLine(LedgerWord.Intent, Guid.NewGuid(), what, id, Summary: summary);
        return AskAsync(intent, async () =>
        {
            var made = (await change(new SubmitOptions { RequestId = intent.RequestId })).Case;
            return (made, intent with { CaseId = made.Id, ETag = made.ETag });
        });
    }

    /// <summary>Makes one change, and gives what came of it and its line; null where the bridge refused.</summary>
    private async Task<T?> AskAsync<T>(LedgerLine intent, Func<Task<(T Made, LedgerLine Line)>> change)
        where T : class
    {
        _ledger.Write(intent);
        while (true)
        {
            try
            {
                var (made, line) = await change();
                _ledger.Write(line with { Word = LedgerWord.Acknowledged });
                acknowledged();
                return made;
            }
            catch (SingleWindowException failure) when (failure.IsRetryable || failure.IsOutcomeUnknown)
            {
                _ledger.Write(intent with { Word = LedgerWord.Unknown, Said = Told(failure) });
                unknown();
                await Task.Delay(random.Next(5, 60));
            }
            catch (SingleWindowException failure)
            {
                _ledger.Write(intent with { Word = LedgerWord.Refused, Said = Told(failure) });
                return null;
            }
        }
    }

    private static string Told(SingleWindowException failure) => $"{failure.StatusCode} {failure.GetType().Name}: {failure.Message}";

    private sealed record Draft(string Id, string ETag);
}
