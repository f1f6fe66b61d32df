using SingleWindowBridge.Server.Audit;

namespace SingleWindowBridge.Server.Tests.Audit;

/// <summary>What the verifier finds in rows that somebody has been at.</summary>
public sealed class AuditVerifierTests
{
    private const int Mutations = 10_000;

    private static readonly string[] Kinds =
    [
        "change a field", "change a hash", "remove", "cut off", "swap", "move", "duplicate", "insert", "add", "hash anew alone", "hash anew to the end",
        "insert and hash anew to the end", "remove a chain", "rename a chain",
    ];

    private readonly List<AuditRow> rows = [.. new[] { "*", "aw-food", "nz-food", "pe-food" }.SelectMany(ChainOf)];

    [Fact]
    public void Rows_that_nobody_has_touched_hold() => Assert.Empty(Verify(rows));

    [Fact]
    public void Rows_that_came_after_a_head_hold()
    {
        var early = HeadsOf(rows.Where(row => row.Number <= 5));
        var verifier = new AuditVerifier(early);
        rows.ForEach(verifier.Take);
        verifier.End(HeadsOf(rows));
        Assert.Empty(verifier.Faults);
    }

    [Fact]
    public void Ten_thousand_random_mutations_are_all_found()
    {
        var found = new Dictionary<string, int>();
        for (var seed = 1; seed <= Mutations; seed++)
        {
            var random = new Random(seed);
            var kind = Kinds[random.Next(Kinds.Length)];
            var mutated = rows.ToList();
            var touched = Mutate(mutated, kind, random);
            Assert.False(mutated.SequenceEqual(rows), $"Seed {seed}, {kind}: nothing was changed, so the test shows nothing");
            var faults = Verify(mutated);
            Assert.True(faults.Count > 0, $"Seed {seed}, {kind}: not found");
            Assert.True(faults.Any(fault => fault.AuthorityId == touched), $"Seed {seed}, {kind}: found in another chain: {faults[0]}");
            found[kind] = found.GetValueOrDefault(kind) + 1;
        }

        Assert.Equal(Kinds.Length, found.Count);
    }

    [Fact]
    public void The_row_that_was_changed_is_named()
    {
        var mutated = rows.ToList();
        var index = mutated.FindIndex(row => row is { AuthorityId: "nz-food", Number: 7 });
        mutated[index] = mutated[index] with { Outcome = "QUESTIONNAIRE/APPROVED" };
        Assert.Equal("row 7 of chain nz-food was changed: its content does not give its hash", Assert.Single(Verify(mutated)).ToString());
    }

    [Fact]
    public void Without_a_head_from_outside_a_chain_that_was_written_anew_with_its_end_is_not_seen()
    {
        // Why heads are signed and kept elsewhere.
        var mutated = rows.ToList();
        HashAnew(mutated, 3);
        var verifier = new AuditVerifier([]);
        mutated.ForEach(verifier.Take);
        verifier.End(HeadsOf(mutated));
        Assert.Empty(verifier.Faults);
    }

    private IReadOnlyList<AuditFault> Verify(List<AuditRow> some)
    {
        // The chains end as they did when the head was signed.
        var verifier = new AuditVerifier(HeadsOf(rows));
        some.ForEach(verifier.Take);
        verifier.End(HeadsOf(rows));
        return verifier.Faults;
    }

    // Gives the chain that was touched.
    private static string Mutate(List<AuditRow> some, string kind, Random random)
    {
        var index = random.Next(some.Count);
        var row = some[index];
        var last = some.FindLastIndex(other => other.AuthorityId == row.AuthorityId);
        switch (kind)
        {
            case "change a field":
                some[index] = ChangeField(row, random);
                break;
            case "change a hash":
                var bytes = (random.Next(2) == 0 || row.PreviousHash.Length == 0 ? row.Hash : row.PreviousHash).ToArray();
                var isHash = bytes.AsSpan().SequenceEqual(row.Hash);
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                some[index] = isHash ? row with { Hash = bytes } : row with { PreviousHash = bytes };
                break;
            case "remove":
                some.RemoveAt(index);
                break;
            case "cut off":
                some.RemoveRange(index, last - index + 1);
                break;
            case "swap":
                var other = (index + 1 + random.Next(some.Count - 1)) % some.Count;
                (some[index], some[other]) = (some[other], some[index]);
                break;
            case "move":
                some.RemoveAt(index);
                some.Insert((index + 1 + random.Next(some.Count)) % (some.Count + 1), row);
                break;
            case "duplicate":
                some.Insert(random.Next(index, last + 2), row);
                break;
            case "insert":
                some.Insert(index + 1, After(row, random));
                break;
            case "add":
                some.Insert(last + 1, After(some[last], random));
                break;
            case "hash anew alone":
                some[index] = Hashed(ChangeField(row, random) with { AuthorityId = row.AuthorityId, Number = row.Number });
                if (some[index].Hash.AsSpan().SequenceEqual(row.Hash))
                    some[index] = Hashed(row with { Outcome = row.Outcome + "!" });
                break;
            case "hash anew to the end":
                some[index] = row with { Remote = row.Remote + "1" };
                HashAnew(some, index);
                break;
            case "insert and hash anew to the end":
                some.Insert(index + 1, After(row, random));
                for (var at = index + 2; at < some.Count && some[at].AuthorityId == row.AuthorityId; at++)
                    some[at] = some[at] with { Number = some[at].Number + 1 };
                HashAnew(some, index + 1);
                break;
            case "remove a chain":
                some.RemoveAll(each => each.AuthorityId == row.AuthorityId);
                break;
            default:
                for (var at = 0; at < some.Count; at++)
                {
                    if (some[at].AuthorityId == row.AuthorityId)
                        some[at] = some[at] with { AuthorityId = row.AuthorityId + "-2" };
                }

                for (var at = 0; at < some.Count; at++)
                {
                    if (some[at].Number == 1 && some[at].AuthorityId == row.AuthorityId + "-2")
                        HashAnew(some, at);
                }

                break;
        }

        return row.AuthorityId;
    }

    private static AuditRow ChangeField(AuditRow row, Random random) => random.Next(11) switch
    {
        0 => row with { AuthorityId = row.AuthorityId == "*" ? "aw-food" : "*" },
        1 => row with { Number = row.Number + 1 + random.Next(100) },
        2 => row with { At = row.At ^ (1L << random.Next(40)) },
        3 => row with { Actor = row.Actor == "OPERATOR" ? "CUSTOMS" : "OPERATOR" },
        4 => row with { Credential = row.Credential + random.Next(10) },
        5 => row with { Remote = "203.0.113." + random.Next(256) },
        6 => row with { Action = row.Action[1..] + row.Action[0] },
        7 => row with { CaseId = row.CaseId.Length > 0 ? "" : "01KA8BERGZQ4ZQJ7KJ41GPWGH3" },
        8 => row with { RequestId = row.RequestId + "0", Outcome = row.Outcome },
        9 => row with { RequestHash = row.RequestHash.Length > 0 ? row.RequestHash[1..] : "00" },
        // From one field to the next: a hash over fields without their lengths would not see it.
        _ => row with { Outcome = row.Outcome[1..], RequestHash = row.RequestHash + row.Outcome[0] },
    };

    private static AuditRow After(AuditRow row, Random random) => Hashed(row with
    {
        Number = row.Number + 1,
        At = row.At + random.Next(1000),
        Outcome = "ASSESSMENT/APPROVED",
        PreviousHash = row.Hash,
    });

    private static AuditRow Hashed(AuditRow row) => row with { Hash = row.ComputeHash() };

    // From a row to the end of its chain.
    private static void HashAnew(List<AuditRow> some, int from)
    {
        for (var at = from; at < some.Count && some[at].AuthorityId == some[from].AuthorityId; at++)
        {
            var changed = at == from && some[at].Remote.Length == 0 ? some[at] with { Remote = "203.0.113.7" } : some[at];
            some[at] = Hashed(changed with { PreviousHash = at > from ? some[at - 1].Hash : changed.PreviousHash });
        }
    }

    private static IEnumerable<AuditRow> ChainOf(string authorityId)
    {
        var hash = Array.Empty<byte>();
        for (var number = 1; number <= 20; number++)
        {
            var row = Hashed(new AuditRow
            {
                AuthorityId = authorityId,
                Number = number,
                At = 1_795_000_000_000_000 + (number * 1_000_003L),
                Actor = authorityId == "*" ? "OPERATOR" : number % 3 == 0 ? "CUSTOMS" : "AUTHORITY",
                Credential = "1f0c9a7be23d4455",
                Remote = number % 3 == 0 ? "" : "192.0.2.17",
                Action = "singlewindow.bridge.v1.ApplicationService/SubmitApplication",
                CaseId = number % 5 == 0 ? "" : $"01KA8BERGZQ4ZQJ7KJ41GPWG{number:D2}",
                RequestId = $"3fa85f64-5717-4562-b3fc-2c963f66af{number:D2}",
                RequestHash = number % 7 == 0 ? "" : new string((char)('a' + (number % 6)), 64),
                Outcome = "APPLICATION/DECLARED",
                PreviousHash = hash,
            });
            hash = row.Hash;
            yield return row;
        }
    }

    private static List<ChainHead> HeadsOf(IEnumerable<AuditRow> some) =>
        [.. some.GroupBy(row => row.AuthorityId).Select(chain => new ChainHead(chain.Key, chain.Last().Number, chain.Last().Hash))];
}
