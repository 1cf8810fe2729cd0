using Hermes.Core.Sessions;

namespace Hermes.Core.Http.Wire;

/// <summary>The shapes of a search.</summary>
internal static class SearchWire
{
    /// <summary>Messages that a search found, newest first.</summary>
    /// <param name="Query">What was asked for.</param>
    /// <param name="Count">How many results this page has.</param>
    /// <param name="Results">The messages.</param>
    /// <param name="HasMore">Whether more may follow this page.</param>
    /// <param name="Next">For <c>before</c>: where the next page begins; null at the end.</param>
    /// <param name="Complete">Whether nothing is missing on this page; false where the time was over before all was searched.</param>
    internal sealed record SearchAnswer(
        string Query, int Count, IReadOnlyList<SearchResultObject> Results, bool HasMore, string? Next, bool Complete)
    {
        public static SearchAnswer From(string query, SearchPage page) => new(
            query, page.Items.Count, [.. page.Items.Select(SearchResultObject.From)], page.HasMore, page.Next, page.IsComplete);
    }

    /// <summary>A message that a search found.</summary>
    /// <param name="Id">The message's number.</param>
    /// <param name="SessionId">The session that it belongs to.</param>
    /// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
    /// <param name="Snippet">Some 200 characters of the text, each find between <c>&gt;&gt;&gt;</c> and <c>&lt;&lt;&lt;</c>.</param>
    /// <param name="Timestamp">When it was said, in Unix seconds.</param>
    /// <param name="ToolName">For role <c>tool</c>: the tool's name.</param>
    /// <param name="Source">Which surface began the session.</param>
    /// <param name="Model">The session's model.</param>
    /// <param name="Title">The conversation's title; null where it has none.</param>
    /// <param name="SessionStarted">When the session began, in Unix seconds.</param>
    /// <param name="Context">The message before and the one after, as far as there are such.</param>
    internal sealed record SearchResultObject(
        long Id, string SessionId, string Role, string Snippet, double Timestamp, string? ToolName, string Source, string? Model,
        string? Title, double SessionStarted, IReadOnlyList<SearchContextObject> Context)
    {
        public static SearchResultObject From(SearchResult result) => new(
            result.MessageId, result.SessionId, result.Role, result.Snippet, UnixTime.ToSeconds(result.Timestamp), result.ToolName, result.Source,
            result.Model, result.Title, UnixTime.ToSeconds(result.SessionStarted),
            [.. result.Context.Select(message => new SearchContextObject(message.Role, message.Content))]);
    }

    /// <summary>A message beside one that was found.</summary>
    /// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
    /// <param name="Content">The first 200 characters of its text.</param>
    internal sealed record SearchContextObject(string Role, string Content);
}
