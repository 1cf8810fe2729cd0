using System.Collections.Immutable;

namespace Hermes.Core.Changes;

/// <summary>How often each part of a home was seen to change. Immutable and safe for use from any thread.</summary>
/// <remarks>The number of a process tells it from others, whose counts do not compare.</remarks>
internal sealed record HomeVersions(long Process, ImmutableArray<long> Counts)
{
    /// <summary>Every part, in the order in which changes are told.</summary>
    public static readonly ImmutableArray<HomePart> Parts = [.. Enum.GetValues<HomePart>()];
    private const long Unknown = -1;

    /// <summary>What a process starts with that saw no change yet.</summary>
    public static HomeVersions Start() => new(Random.Shared.NextInt64(), [.. Parts.Select(_ => 0L)]);

    /// <summary>The parts that changed since the versions that somebody knows.</summary>
    public IEnumerable<HomePart> ChangedSince(HomeVersions known) => Parts.Where(part => known.Counts[(int)part] != Counts[(int)part]);

    /// <summary>One more change of a part.</summary>
    public HomeVersions Count(HomePart part) => this with { Counts = Counts.SetItem((int)part, Counts[(int)part] + 1) };

    /// <summary>The same, with one part as it is in others of the same process.</summary>
    public HomeVersions Take(HomePart part, HomeVersions others) => this with { Counts = Counts.SetItem((int)part, others.Counts[(int)part]) };

    /// <summary>What somebody knows who was told <paramref name="text"/> once, as <see cref="ToString"/> wrote it: nothing, where another process wrote it.</summary>
    public HomeVersions Recall(string text)
    {
        var numbers = text.Split('.');
        var isOurs = numbers.Length == Parts.Length + 1 && numbers[0] == Process.ToString("x", CultureInfo.InvariantCulture);
        return this with { Counts = [.. Parts.Select(part => isOurs && TryParse(numbers[(int)part + 1], out var count) ? count : Unknown)] };

        static bool TryParse(string number, out long count) => long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out count);
    }

    /// <summary>Letters, digits, dots and hyphens: fit for the id of a server-sent event.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Process:x}.{string.Join('.', Counts)}");
}
