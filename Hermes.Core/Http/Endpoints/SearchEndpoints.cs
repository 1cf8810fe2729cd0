using Hermes.Core.Http.Wire;
using Hermes.Core.Sessions;
using Microsoft.AspNetCore.Mvc;
using static Hermes.Core.Http.Wire.SessionWire;

namespace Hermes.Core.Http.Endpoints;

internal static class SearchEndpoints
{
    private const int MaxQueryLength = 2048;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/sessions/search", SearchMessages).Named("session_search")
            .SharesPath().WithTags("Sessions").Produces<SearchAnswer>().ProducesErrors(400, 503);

    /// <summary>Searches what messages say, newest first. Messages of hidden and archived sessions are not found.</summary>
    /// <remarks>
    /// Words are all to be there, in any order and case; a text in double quotes is to be there as it is; <c>*</c> at the end of a word
    /// lets it go on; <c>OR</c> means either, <c>NOT</c> that the next is not there. Any other text is fine as well, and is no error.
    /// Where a search of a large home takes too long, the answer has what was found by then, newest first, and <c>complete</c> is false; <c>next</c>, or the
    /// same search a little later, goes on. A session whose id is <c>search</c> is not got here: its sub-paths, PATCH and DELETE reach it.
    /// </remarks>
    /// <param name="q">What to find, at most 2,048 characters.</param>
    /// <param name="limit">How many results at most: 1 to 100, 20 where it is missing.</param>
    /// <param name="offset">How many to skip.</param>
    /// <param name="before">The <c>next</c> of the page before: goes on from there, at the same cost at any depth.</param>
    /// <param name="source">Only messages of sessions that this surface began.</param>
    /// <param name="role">Only messages of this role.</param>
    /// <param name="session_id">Only messages of the session with exactly this id.</param>
    /// <param name="since">Only messages of this time or later: Unix seconds, or ISO 8601 (UTC where it names no zone).</param>
    /// <param name="until">Only messages of this time or earlier.</param>
    /// <response code="200">The messages, each with the one before and the one after it.</response>
    /// <response code="400">The query is blank or too long, or a value cannot be understood; the text names it.</response>
    internal static async Task<JsonAnswer> SearchMessages(
        HttpContext http, SessionStore store, [FromQuery] string? q, [FromQuery] string? limit, [FromQuery] string? offset, [FromQuery] string? before,
        [FromQuery] string? source, [FromQuery] string? role, [FromQuery] string? session_id, [FromQuery] string? since, [FromQuery] string? until)
    {
        if (string.IsNullOrWhiteSpace(q)) throw new RequestException("'q' is required: the words to search for", param: "q");

        if (q.Length > MaxQueryLength)
            throw new RequestException($"'q' is too long ({q.Length} characters, max {MaxQueryLength})", param: "q");

        var query = new SearchQuery
        {
            Text = q,
            Limit = (int)QueryFields.Integer("limit", limit, missing: 20, min: 1, max: SearchQuery.MaxLimit),
            Offset = QueryFields.Integer("offset", offset, missing: 0, min: 0, max: long.MaxValue),
            Before = NullIfEmpty(before),
            Source = NullIfEmpty(source),
            Role = NullIfEmpty(role),
            SessionId = NullIfEmpty(session_id),
            Since = Time("since", since),
            Until = Time("until", until),
        };

        // A search finds a little later what the file's own index misses, whether or not anything else is committed: the tag is of what it found.
        return JsonAnswer.Tagged(SearchAnswer.From(q, await store.SearchAsync(query, http.RequestAborted)));
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static DateTimeOffset? Time(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds))
            return UnixTime.FromSeconds(seconds);

        // What else .NET takes for a date, such as 01/02/2026, nobody could be sure of.
        return text.AsSpan().Trim() is [_, _, _, _, '-', _, _, '-', ..]
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : throw new RequestException($"'{name}' must be Unix seconds or an ISO 8601 time", param: name);
    }
}
