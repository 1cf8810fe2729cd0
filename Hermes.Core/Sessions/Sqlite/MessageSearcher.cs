using Hermes.Core.Sessions.Search;
using Microsoft.Data.Sqlite;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Searches the messages of a file, in transactions that are too short for anybody to wait for them.</summary>
/// <remarks>Safe for use from any thread.</remarks>
internal sealed partial class MessageSearcher(ReaderPool readers, TimeProvider time, TimeSpan searchTime, ILogger logger)
{
    // For all homes together: where there are several processors, half of them are left to whoever does not search.
    private static readonly SemaphoreSlim Turns = new(Math.Max(1, Environment.ProcessorCount / 2));

    private readonly KeptScans _scans = new(time);
    private int _isDamageLogged;

    public async Task<SearchPage> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        var cursor = Cursor.Parse(query.Before);
        var expression = SearchExpression.Parse(query.Text);
        if (expression.Alternatives.Count == 0) return new SearchPage([], Next: null);

        var began = time.GetTimestamp();
        var token = readers.ReadVersion();
        try
        {
            return await RunAsync(Create(usesIndexes: true)).ConfigureAwait(false);
        }
        catch (SessionStoreUnavailableException e) when (e.InnerException is SqliteException damage && !SqliteFailure.IsBusy(damage))
        {
            // An index that is damaged, or cannot be loaded here, is none. Where more than the index is broken this fails too.
            var page = await RunAsync(Create(usesIndexes: false)).ConfigureAwait(false);
            if (Interlocked.Exchange(ref _isDamageLogged, 1) == 0)
                LogDamagedIndex(logger, damage.SqliteExtendedErrorCode);

            return page;
        }

        Search Create(bool usesIndexes) => new(query, expression, cursor, _scans, token, usesIndexes, () => time.GetElapsedTime(began) / searchTime);

        async Task<SearchPage> RunAsync(Search search)
        {
            for (var isOver = false; !isOver;)
            {
                await Turns.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    isOver = await readers.ReadAsync(search.Advance, missing: true, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    Turns.Release();
                }
            }

            return search.Page;
        }
    }

    [LoggerMessage(3, LogLevel.Warning, "The search index of state.db cannot be read (SQLite error {Code}): searches read the messages themselves, which takes longer. Let the Hermes agent rebuild the index")]
    private static partial void LogDamagedIndex(ILogger logger, int code);

    /// <summary>Where a search goes on: below the one id in the scan, below the other in the index.</summary>
    /// <remarks>As text the two numbers with <c>_</c> between, or one where they are the same.</remarks>
    private readonly record struct Cursor(long Scan, long Index)
    {
        /// <exception cref="SessionValidationException">No search gave this text.</exception>
        public static Cursor Parse(string? text)
        {
            if (text is null) return new Cursor(long.MaxValue, long.MaxValue);

            var ids = text.Split('_');
            return ids.Length <= 2 && TryParse(ids[0], out var scan) && TryParse(ids[^1], out var index)
                ? new Cursor(scan, index)
                : throw new SessionValidationException("Invalid before: it is not the \"next\" of a search");

            static bool TryParse(string id, out long number) => long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
        }

        public override string ToString() =>
            Scan == Index ? Scan.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Scan}_{Index}");
    }
}
