using System.Security.Cryptography;

namespace SingleWindowBridge.Server.Proof;

/// <summary>
/// Many contents under one hash, so that one signature holds for all. Each has a path: the hashes beside it on the way up. Leaves and
/// nodes begin with different bytes, so that a node can never be shown as a content.
/// </summary>
public static class HashTree
{
    /// <summary>The hash of a content.</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> content) => SHA256.HashData([0, .. content]);

    /// <summary>The hash of two hashes.</summary>
    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => SHA256.HashData([1, .. left, .. right]);

    /// <summary>The hash of all, and the path of each: one that has nobody beside it goes up as it is.</summary>
    /// <param name="leaves">The hashes of the contents; at least one.</param>
    public static (byte[] Root, IReadOnlyList<PathStep>[] Paths) Build(IReadOnlyList<byte[]> leaves)
    {
        var paths = leaves.Select(_ => new List<PathStep>()).ToArray();
        var level = leaves.Select((hash, index) => (Hash: hash, Below: new List<int> { index })).ToList();
        while (level.Count > 1)
        {
            var above = new List<(byte[] Hash, List<int> Below)>();
            for (var index = 0; index < level.Count; index += 2)
            {
                if (index + 1 == level.Count)
                {
                    above.Add(level[index]);
                    continue;
                }

                var (left, right) = (level[index], level[index + 1]);
                left.Below.ForEach(leaf => paths[leaf].Add(new PathStep(right.Hash, Left: false)));
                right.Below.ForEach(leaf => paths[leaf].Add(new PathStep(left.Hash, Left: true)));
                above.Add((Node(left.Hash, right.Hash), [.. left.Below, .. right.Below]));
            }

            level = above;
        }

        return (level[0].Hash, paths);
    }
}

/// <summary>One step on the way up.</summary>
/// <param name="Hash">The hash beside.</param>
/// <param name="Left">Whether it stands on the left.</param>
public readonly record struct PathStep(byte[] Hash, bool Left);
