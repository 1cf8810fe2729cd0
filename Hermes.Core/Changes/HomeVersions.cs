using System.Collections.Immutable;

namespace Hermes.Core.Changes;

/// <summary>How often each part of a home was seen to change. Immutable and safe for use from any thread.</summary>
internal sealed class HomeVersions
{
    /// <summary>Every part, in the order in which changes are told.</summary>
    public static readonly ImmutableArray<HomePart> Parts = [HomePart.Sessions, HomePart.Memory, HomePart.Skills, HomePart.Config];

    private const long Unknown = -1;

    // Counts of different processes do not compare.
    private readonly long _process;
    private readonly ImmutableArray<long> _counts;

    private HomeVersions(long process, ImmutableArray<long> counts)
    {
        _process = process;
        _counts = counts;
    }

    /// <summary>What a process starts with that saw no change yet.</summary>
    public static HomeVersions Start() => new(Random.Shared.NextInt64(), [.. Parts.Select(_ => 0L)]);

    /// <summary>The parts that changed since the versions that somebody knows.</summary>
    public IEnumerable<HomePart> ChangedSince(HomeVersions known) => Parts.Where(part => known._counts[(int)part] != _counts[(int)part]);

    /// <summary>One more change of a part.</summary>
    public HomeVersions Count(HomePart part) => With(part, _counts[(int)part] + 1);

    /// <summary>The same, with one part as it is in others of the same process.</summary>
    public HomeVersions Take(HomePart part, HomeVersions others) => With(part, others._counts[(int)part]);

    /// <summary>What somebody knows who was told <paramref name="text"/> once, as <see cref="ToString"/> wrote it.</summary>
    /// <returns>Versions to compare with these: of a text that is another process's, or none of ours, nothing is known.</returns>
    public HomeVersions Recall(string text)
    {
        var parts = text.Split('.');
        var numbers = new long[Parts.Length];
        var isOurs = parts.Length == Parts.Length + 1
            && long.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var process) && process == _process;
        for (var index = 0; index < numbers.Length; index++)
            isOurs = isOurs && long.TryParse(parts[index + 1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[index]);

        return new HomeVersions(_process, isOurs ? [.. numbers] : [.. numbers.Select(_ => Unknown)]);
    }

    /// <summary>Letters, digits, dots and hyphens: fit for the id of a server-sent event.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_process:x}.{string.Join('.', _counts)}");

    private HomeVersions With(HomePart part, long count) => new(_process, _counts.SetItem((int)part, count));
}
