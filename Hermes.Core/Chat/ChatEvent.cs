namespace Hermes.Core.Chat;

/// <summary>Something that happened in a turn. Each wire format renders the same events.</summary>
internal abstract record ChatEvent
{
    /// <summary>The turn has its place in the session and the user's message is stored; the first event of every turn that gets so far.</summary>
    internal sealed record TurnStarted(long UserMessageId) : ChatEvent;
    /// <summary>The model said more.</summary>
    internal sealed record TextDelta(string Text) : ChatEvent;
    /// <summary>The model asks for a tool. The arguments are JSON text; the preview tells a person in one short line what the call is about.</summary>
    internal sealed record ToolStarted(string CallId, string Name, string Arguments, string Preview) : ChatEvent;
    /// <summary>A tool answered; the answer is stored, and its beginning is what a person is shown of it. Of a failure, that is what the model was told, never the exception's own text.</summary>
    internal sealed record ToolCompleted(string CallId, string Name, string Arguments, string Preview, string ResultPreview, bool HasFailed = false) : ChatEvent;
    /// <summary>The turn is over, and everything of it that will be stored is stored; always the last event.</summary>
    internal sealed record TurnEnded(ChatOutcome Outcome) : ChatEvent;
}
