using Hermes.Core.Sessions;

namespace Hermes.Core.Http.Wire;

/// <summary>The shapes of sessions and their messages, of what a search finds in them, and of what they used.</summary>
internal static class SessionWire
{
    /// <summary>A session.</summary>
    /// <param name="Id">1 to 256 characters; unique in the home.</param>
    /// <param name="Source">Which surface began it: <c>cli</c>, <c>telegram</c>, <c>api_server</c>, ….</param>
    /// <param name="UserId">Whom the surface knew the user as.</param>
    /// <param name="Model">The model of the first turn; of several sessions of a conversation the last one's.</param>
    /// <param name="Title">The title, unique in the home; null where none was given.</param>
    /// <param name="StartedAt">When it began, in Unix seconds.</param>
    /// <param name="EndedAt">When it was ended, in Unix seconds; null while it is open.</param>
    /// <param name="EndReason">Why it was ended; null while it is open.</param>
    /// <param name="MessageCount">How many messages it has.</param>
    /// <param name="ToolCallCount">How many tools were called.</param>
    /// <param name="InputTokens">Tokens sent to models.</param>
    /// <param name="OutputTokens">Tokens received from models.</param>
    /// <param name="LastActive">The time of the newest message, else <c>started_at</c>, in Unix seconds.</param>
    /// <param name="ParentSessionId">The session that this one continues or was started by.</param>
    /// <param name="Preview">The first user message in one line of at most 60 characters and <c>...</c>.</param>
    /// <param name="TipId">The conversation's last session, which takes its messages: an agent that runs out of context goes on in another. Else the <c>id</c>.</param>
    /// <param name="LineageRootId">The conversation's first session; null where the conversation has one session alone.</param>
    /// <param name="Pinned">Whether it is pinned. Like the three that follow, missing where the home's file does not keep it.</param>
    /// <param name="Archived">Whether it is archived: lists leave it out unless they are asked for it.</param>
    /// <param name="Hidden">Whether it is in no list.</param>
    /// <param name="Unread">Whether anything was said since it was read last. What nobody has marked counts as read.</param>
    internal sealed record SessionObject(
        string Id, string Source, string? UserId, string? Model, string? Title, double StartedAt, double? EndedAt, string? EndReason,
        long MessageCount, long ToolCallCount, long InputTokens, long OutputTokens, double LastActive, string? ParentSessionId,
        string Preview, string TipId, [property: JsonPropertyName("_lineage_root_id")] string? LineageRootId, bool? Pinned = null,
        bool? Archived = null, bool? Hidden = null, bool? Unread = null)
    {
        public static SessionObject From(Session session) => new(
            session.Id, session.Source, session.UserId, session.Model, session.Title, UnixTime.ToSeconds(session.StartedAt),
            session.EndedAt is { } end ? UnixTime.ToSeconds(end) : null, session.EndReason, session.MessageCount, session.ToolCallCount,
            session.InputTokens, session.OutputTokens, UnixTime.ToSeconds(session.LastActive), session.ParentSessionId, session.Preview,
            session.TipId ?? session.Id, session.LineageRootId, session.Pinned, session.Archived, session.Hidden, session.Unread);
    }

    /// <summary>One session.</summary>
    internal sealed record SessionEnvelope(SessionObject Session);

    /// <summary>A page of sessions, newest first.</summary>
    /// <param name="Object">Always <c>list</c>.</param>
    /// <param name="Total">How many sessions the query reaches over all pages.</param>
    /// <param name="Limit">The page's size, as it was applied.</param>
    /// <param name="Offset">How many were skipped.</param>
    /// <param name="HasMore">Whether sessions follow this page.</param>
    /// <param name="Next">The value of <c>before</c> that gives the page after this one; null at the end.</param>
    /// <param name="Items">The sessions. Missing where <c>Hermes:Api:ListKeys</c> is <c>Data</c>.</param>
    /// <param name="Data">The same sessions again, as newer clients read them. Missing where <c>Hermes:Api:ListKeys</c> is <c>Items</c>.</param>
    internal sealed record SessionList(
        [property: JsonPropertyOrder(-2)] string Object, long Total, int Limit, long Offset, bool HasMore, string? Next,
        [property: JsonPropertyOrder(-1)] IReadOnlyList<SessionObject>? Items = null,
        [property: JsonPropertyOrder(-1)] IReadOnlyList<SessionObject>? Data = null)
    {
        public static SessionList From(SessionPage page, SessionQuery query, ListKeys keys)
        {
            var rows = page.Items.Select(SessionObject.From).ToList();
            return new SessionList(
                "list", page.Total, query.ClampedLimit, query.ClampedOffset, page.HasMore, page.Next,
                Items: keys is ListKeys.Data ? null : rows, Data: keys is ListKeys.Items ? null : rows);
        }
    }

    /// <summary>What a session starts with. Everything may be left out.</summary>
    /// <param name="Id">1 to 256 characters without control characters; a fresh UUID where it is missing.</param>
    /// <param name="Title">At most 100 characters; unique in the home.</param>
    /// <param name="Model">The model; left to the first turn where it is missing.</param>
    /// <param name="Source">Which surface begins it; <c>api_server</c> where it is missing.</param>
    internal sealed record CreateSession(string? Id = null, string? Title = null, string? Model = null, string? Source = null);

    /// <summary>What changes in a session: one field at least.</summary>
    /// <param name="Title">At most 100 characters; unique in the home.</param>
    /// <param name="SystemPrompt">The system prompt of the turns to come; null for none.</param>
    /// <param name="EndReason">Ends the session with this reason; one that has ended keeps its time. Null opens it again.</param>
    /// <param name="Pinned">Pins the conversation, which is not hidden then, or unpins it.</param>
    /// <param name="Archived">Archives the conversation, or brings it back.</param>
    /// <param name="Hidden">Hides the conversation from all lists, or shows it again.</param>
    /// <param name="Unread">False marks it as read up to now, true as unread.</param>
    internal sealed record PatchSession(
        string? Title = null, string? SystemPrompt = null, string? EndReason = null,
        bool? Pinned = null, bool? Archived = null, bool? Hidden = null, bool? Unread = null);

    /// <summary>What a branch starts with beside what it copies. Everything may be left out.</summary>
    /// <param name="Id">1 to 256 characters without control characters, of no session yet; a fresh UUID where it is missing.</param>
    /// <param name="Title">At most 100 characters; unique in the home. Where it is missing it continues the session's: <c>T #2</c>.</param>
    internal sealed record ForkSession(string? Id = null, string? Title = null);

    /// <summary>A branch was made of a session.</summary>
    internal sealed record SessionForked(SessionObject Session, string ForkedFrom);
    /// <summary>A session was deleted.</summary>
    internal sealed record SessionDeleted(bool Ok, string SessionId);

    /// <summary>A message of a session.</summary>
    /// <param name="Id">The message's number, growing in the order of writing.</param>
    /// <param name="SessionId">The session.</param>
    /// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
    /// <param name="Content">The text, a list of parts, or null.</param>
    /// <param name="ToolCallId">For role <c>tool</c>: the call that this answers.</param>
    /// <param name="ToolCalls">The calls that an assistant message asks for; a text where what is stored is no JSON.</param>
    /// <param name="ToolName">For role <c>tool</c>: the tool's name.</param>
    /// <param name="Timestamp">When it was said, in Unix seconds.</param>
    /// <param name="TokenCount">Its length in tokens, where its writer knew.</param>
    /// <param name="FinishReason">Why the model stopped.</param>
    /// <param name="Reasoning">The model's reasoning as text.</param>
    /// <param name="ReasoningDetails">The model's reasoning as its provider structures it: JSON as text.</param>
    /// <param name="CodexReasoningItems">Reasoning items of the Codex API: JSON as text.</param>
    /// <param name="ReasoningContent">The reasoning that has to be given back to its provider. Like all that follows, missing where the home's file does not keep it.</param>
    /// <param name="CodexMessageItems">Message items of the Codex API: JSON as text.</param>
    /// <param name="PlatformMessageId">The message's id on the platform that it came from.</param>
    /// <param name="Observed">1 where the agent only overheard the message; 0 where it was spoken to.</param>
    internal sealed record MessageObject(
        long Id, string SessionId, string Role, JsonElement? Content, string? ToolCallId, JsonElement? ToolCalls, string? ToolName,
        double Timestamp, long? TokenCount, string? FinishReason, string? Reasoning, string? ReasoningDetails, string? CodexReasoningItems,
        string? ReasoningContent = null, string? CodexMessageItems = null, string? PlatformMessageId = null, long? Observed = null)
    {
        public static MessageObject From(Message message) => new(
            message.Id, message.SessionId, message.Role, message.ContentParts ?? (message.Content is { } text ? WireJson.ToElement(text) : null),
            message.ToolCallId, message.ToolCalls, message.ToolName, UnixTime.ToSeconds(message.Timestamp), message.TokenCount, message.FinishReason,
            message.Reasoning, message.ReasoningDetails, message.CodexReasoningItems, message.ReasoningContent, message.CodexMessageItems,
            message.PlatformMessageId, message.Observed);
    }

    /// <summary>Messages of a session, oldest first.</summary>
    /// <param name="Object">Always <c>list</c>.</param>
    /// <param name="SessionId">The id of the conversation's first session.</param>
    /// <param name="Total">How many messages the session has.</param>
    /// <param name="HasMore">Whether messages lie beyond this page.</param>
    /// <param name="Items">The messages. Missing where <c>Hermes:Api:ListKeys</c> is <c>Data</c>.</param>
    /// <param name="Data">The same messages again, as newer clients read them. Missing where <c>Hermes:Api:ListKeys</c> is <c>Items</c>.</param>
    internal sealed record MessageList(
        [property: JsonPropertyOrder(-2)] string Object, string SessionId, long Total, bool HasMore,
        [property: JsonPropertyOrder(-1)] IReadOnlyList<MessageObject>? Items = null,
        [property: JsonPropertyOrder(-1)] IReadOnlyList<MessageObject>? Data = null)
    {
        public static MessageList From(Session session, IEnumerable<Message> messages, bool hasMore, ListKeys keys)
        {
            var rows = messages.Select(MessageObject.From).ToList();
            return new MessageList(
                "list", session.Id, session.MessageCount, hasMore, Items: keys is ListKeys.Data ? null : rows, Data: keys is ListKeys.Items ? null : rows);
        }
    }

    /// <summary>Messages that a search found, newest first.</summary>
    /// <param name="Query">What was asked for.</param>
    /// <param name="Count">How many results this page has.</param>
    /// <param name="Results">The messages.</param>
    /// <param name="HasMore">Whether more may follow this page.</param>
    /// <param name="Next">For <c>before</c>: where the next page begins; null at the end.</param>
    /// <param name="Complete">Whether nothing is missing on this page; false where the time was over before all was searched.</param>
    internal sealed record SearchAnswer(string Query, int Count, IReadOnlyList<SearchResultObject> Results, bool HasMore, string? Next, bool Complete)
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

    /// <summary>What sessions used.</summary>
    /// <param name="Daily">The days on which sessions began, the earliest first.</param>
    /// <param name="ByModel">The models, the one with the most tokens first; sessions without a model are in none.</param>
    /// <param name="Totals">All of it.</param>
    /// <param name="PeriodDays">How many days were looked at, today included.</param>
    internal sealed record UsageAnswer(IReadOnlyList<UsageOfDay> Daily, IReadOnlyList<UsageOfModel> ByModel, UsageSums Totals, int PeriodDays)
    {
        public static UsageAnswer Of(UsageReport report, int days) => new(
            [.. report.Daily.Select(day => new UsageOfDay(day.Used, day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))],
            [.. report.ByModel.Select(model => new UsageOfModel(model.Used, model.Model))], new UsageSums(report.Totals), days);
    }

    /// <summary>What the sessions of a day used.</summary>
    /// <param name="Day">The day in UTC: <c>2026-01-31</c>.</param>
    internal sealed record UsageOfDay(UsageFigures Used, [property: JsonPropertyOrder(-1)] string Day) : UsageSums(Used);

    /// <summary>What the sessions of a model used.</summary>
    /// <param name="Model">The model, as the sessions name it.</param>
    internal sealed record UsageOfModel(UsageFigures Used, [property: JsonPropertyOrder(-1)] string Model) : UsageSums(Used);

    /// <summary>Sums over sessions; what the home's file does not keep is 0.</summary>
    internal record UsageSums([property: JsonIgnore] UsageFigures Used)
    {
        /// <summary>Tokens sent to models.</summary>
        public long InputTokens => Used.InputTokens;
        /// <summary>Tokens received from models.</summary>
        public long OutputTokens => Used.OutputTokens;
        /// <summary>Tokens that providers had in their caches.</summary>
        public long CacheReadTokens => Used.CacheReadTokens;
        /// <summary>Tokens of reasoning.</summary>
        public long ReasoningTokens => Used.ReasoningTokens;
        /// <summary>What the agent took it to cost, in US dollars.</summary>
        public double EstimatedCost => Used.EstimatedCost;
        /// <summary>What it cost as providers said, in US dollars.</summary>
        public double ActualCost => Used.ActualCost;
        /// <summary>How many sessions there were.</summary>
        public long Sessions => Used.Sessions;
        /// <summary>How often models were called.</summary>
        public long ApiCalls => Used.ApiCalls;
    }
}
