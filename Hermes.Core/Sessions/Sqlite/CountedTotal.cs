using System.Diagnostics;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The total of a query as it was counted on a connection, and how long it may be given again.</summary>
/// <remarks>
/// Counting reads many sessions, and an agent at work commits several times a second without making one. So a count is good while
/// nothing was committed; and while no session came or went, for twenty times as long as counting took: then at most one
/// part in twenty of the time goes into counting. In a home of some hundred sessions that is less than a few milliseconds.
/// Titles and messages change without a session coming or going: a count by them is good for its commit alone. Flags do as well, and are
/// changed more rarely: when this process changes them, all that was counted is forgotten (<see cref="ReaderPool.ForgetTotals"/>).
/// </remarks>
internal sealed class CountedTotal(string sql, SessionQuery query, long dataVersion, (long Count, long Newest) sessions, long began)
{
    private const int Patience = 20;

    private readonly string? _source = query.Source;
    private readonly string? _titleContains = query.TitleContains;
    private readonly long _minMessages = query.MinMessages;
    private readonly long _counted = Stopwatch.GetTimestamp();

    public required long Total { get; init; }

    /// <summary>The time, by <see cref="Stopwatch"/>, up to which the total may be given though something was committed since.</summary>
    public long GoodUntil => _counted + (Patience * (_counted - began));

    public bool Answers(string sqlOfQuery, SessionQuery asked) =>
        ReferenceEquals(sql, sqlOfQuery) && _source == asked.Source && _titleContains == asked.TitleContains && _minMessages == asked.MinMessages;

    public bool IsCurrent(long dataVersionNow) => dataVersion == dataVersionNow;

    public bool IsGoodEnough((long Count, long Newest) sessionsNow) =>
        string.IsNullOrEmpty(_titleContains) && _minMessages <= 0 && sessions == sessionsNow
        && Stopwatch.GetTimestamp() < GoodUntil;
}
