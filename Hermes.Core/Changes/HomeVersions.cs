using System.Collections.Immutable;

namespace Hermes.Core.Changes;

/// <summary>How often each part of a home was seen to change. Immutable and safe for use from any thread.</summary>
/// <remarks>The number of a process tells it from others, whose counts do not compare.</remarks>
internal sealed class HomeVersions(long process, ImmutableArray<long> counts)
{
    /// <summary>Every part, in the order in which changes are told.</summary>
    public static readonly ImmutableArray<HomePart> Parts = [HomePart.Sessions, HomePart.Memory, HomePart.Skills, HomePart.Config];
    private const long Unknown = -1;
    private readonly ImmutableArray<long> _counts = counts;

    /// <summary>What a process starts with that saw no change yet.</summary>
    public static HomeVersions Start() => new(Random.Shared.NextInt64(), [.. Parts.Select(_ => 0L)]);

    /// <summary>The parts that changed since the versions that somebody knows.</summary>
    public IEnumerable<HomePart> ChangedSince(HomeVersions known) => Parts.Where(part => known._counts[(int)part] != _counts[(int)part]);

    /// <summary>One more change of a part.</summary>
    public HomeVersions Count(HomePart part) => With(part, _counts[(int)part] + 1);

    /// <summary>The same, with one part as it is in others of the same process.</summary>
    public HomeVersions Take(HomePart part, HomeVersions others) => With(part, others._counts[(int)part]);

    /// <summary>What somebody knows who was told <paramref name="text"/> once, as <see cref="ToString"/> wrote it: nothing, where another process wrote it.</summary>
    public HomeVersions Recall(string text)
    {
        var numbers = text.Split('.') is [var start, .. var rest] && start == process.ToString("x", CultureInfo.InvariantCulture) && rest.Length == Parts.Length
            ? Array.ConvertAll(rest, number => long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) ? count : Unknown)
            : [.. Parts.Select(_ => Unknown)];
        return new HomeVersions(process, [.. numbers]);
    }

    /// <summary>Letters, digits, dots and hyphens: fit for the id of a server-sent event.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{process:x}.{string.Join('.', _counts)}");

    private HomeVersions With(HomePart part, long count) => new(process, _counts.SetItem((int)part, count));
}
