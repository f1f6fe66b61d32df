using System.Diagnostics;
using System.Reflection;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Interop.Tests.Xml;
using SingleWindowBridge.Interop.Xml;

namespace SingleWindowBridge.Interop.Tests.Files;

/// <summary>The script that plays the far end says only what the schema allows, and everything that Customs can say to a case.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly FarEnd _end = new();
    private readonly string _state = Path.GetTempFileName();

    [Theory]
    [InlineData("two_rectifications")]
    [InlineData("three_negotiation_rounds", "--inside")]
    [InlineData("receive_failed", "--double")]
    [InlineData("application_correction")]
    [InlineData("review_closed")]
    public async Task Script_answers_in_messages_that_fit_the_schema(string scenario, params string[] options)
    {
        File.Delete(_state);
        _end.Options = _end.Options with { AnswerWait = TimeSpan.FromSeconds(20) };
        _end.Restart();
        var submissions = Enum.GetValues<SubmissionKind>().SelectMany(kind => (SubmissionKind[])[kind, kind, kind]).ToList();
        using (var script = Start(["--scenario", scenario, .. options, "--review", "01KA8BERGZQ4ZQJ7KJ41GPWGH3", "NZ-MPI", "DAIRY", "INFANT_FORMULA"]))
        {
            try
            {
                foreach (var kind in submissions)
                    await _end.SendAsync(Samples.Submission(kind) with { Content = WithFile(Samples.Submission(kind).Content) });
            }
            finally
            {
                script.Kill();
                await script.WaitForExitAsync();
            }
        }

        // What it had not yet given when it was killed, it gives when it is started again.
        using (var script = Start(["--scenario", scenario, .. options, "--once"])) await script.WaitForExitAsync();
        var kinds = new HashSet<Type>();
        var numbers = new List<int>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(_end.Root, "InBox"), "*.xml")) SchemaCheck.Check(File.ReadAllBytes(path));
        foreach (var receipt in await _end.ReceiveAsync(max: 1000))
        {
            Assert.False(receipt.Act is Unreadable, $"{receipt.Act}");
            kinds.Add(receipt.Act.GetType());
            if (receipt.CaseNumber == Samples.CaseNumber) numbers.Add(receipt.Sequence);
        }

        Assert.Contains(typeof(StartReview), kinds);
        Assert.Equal(Enumerable.Range(1, numbers.Distinct().Count()), numbers.Distinct());
        Assert.Equal(options.Contains("--double"), numbers.Count > numbers.Distinct().Count());
        Assert.Empty(_end.Names("OutBox"));
        Assert.Equal(submissions.Count, _end.Names("SentBox").Length);
    }

    public void Dispose()
    {
        _end.Dispose();
        File.Delete(_state);
    }

    // The samples name a file that there is not.
    private static SubmissionContent WithFile(SubmissionContent content) => content switch
    {
        ApplicationContent application => application with { Files = [MessageSamples.File] },
        RectificationContent rectification => rectification with { Files = [MessageSamples.File] },
        SignatoriesContent signatories => signatories with { Officers = [signatories.Officers[0] with { SpecimenSignature = MessageSamples.File }] },
        _ => content,
    };

    private Process Start(string[] options) => Process.Start(new ProcessStartInfo(
        "python3",
        [
            Path.Combine(
                typeof(ScriptTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!,
                "tests", "EndToEnd", "FarEnd", "far_end.py"),
            _end.Root, "--state", _state, "--poll", "0.02", .. options,
        ])
    {
        RedirectStandardOutput = true,
    })!;
}
