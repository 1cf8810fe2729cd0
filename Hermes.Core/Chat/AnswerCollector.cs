using System.Runtime.InteropServices;
using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Chat;

/// <summary>Puts the updates of a model's stream together to messages, and says what happened meanwhile.</summary>
/// <remarks>For one turn and one thread.</remarks>
/// <param name="limit">What the turn may say; what does not fit is left out.</param>
internal sealed class AnswerCollector(AnswerLimit limit)
{
    // As much as readers of the events are shown of a tool's answer; its message has the whole.
    private const int MaxResultPreview = 500;

    // The pieces as they came, which the event log has as well: a message of megabytes is made once, when it is whole.
    private readonly List<string> _text = [];
    private readonly List<string> _reasoning = [];
    private readonly List<FunctionCallContent> _calls = [];
    private readonly HashSet<string> _callIds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ToolStarted> _asked = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unanswered = new(StringComparer.Ordinal);
    private readonly UsageDetails _usage = new();
    private UsageDetails? _lastCall;
    private string? _messageId;
    private string? _finishReason;
    private NewMessage? _last;

    /// <summary>The model, as it calls itself; null as long as it did not say.</summary>
    public string? Model { get; private set; }

    /// <summary>How many assistant messages there were.</summary>
    public int ModelCalls { get; private set; }

    public long InputTokens => _usage.InputTokenCount ?? 0;

    public long OutputTokens => _usage.OutputTokenCount ?? 0;

    public long TotalTokens => _usage.TotalTokenCount ?? InputTokens + OutputTokens;

    /// <summary>Tokens of the last call alone, its prompt and its answer; null where it did not say.</summary>
    public long? ContextTokens => _lastCall is null ? null : (_lastCall.InputTokenCount ?? 0) + (_lastCall.OutputTokenCount ?? 0);

    /// <summary>The newest assistant message; null before there was one, and after tool results.</summary>
    public NewMessage? Answer => _last is { Role: "assistant" } ? _last : null;

    /// <summary>Whether what the model asked for last waits for its tools: then it is not the model that says nothing.</summary>
    public bool IsWaitingForTools => _unanswered.Count > 0;

    private bool IsOpen => _text.Count > 0 || _reasoning.Count > 0 || _calls.Count > 0;

    /// <summary>Takes an update.</summary>
    /// <param name="update">The update.</param>
    /// <param name="completed">Gets the messages that are whole now, in order; store them before telling <paramref name="happened"/>.</param>
    /// <param name="happened">Gets what there is to tell.</param>
    public void Add(ChatResponseUpdate update, List<NewMessage> completed, List<ChatEvent> happened)
    {
        limit.CountUpdate(update.Contents.Count);
        Model = update.ModelId ?? Model;
        var isNext = update.MessageId is not null && _messageId is not null && update.MessageId != _messageId;
        if (isNext || update.Role == ChatRole.Tool)
        {
            Close(completed, null);
            _lastCall = null;
        }

        _messageId = update.MessageId ?? _messageId;
        foreach (var content in update.Contents)
            Add(content, completed, happened);

        _finishReason = update.FinishReason?.Value ?? _finishReason;
        if (_calls.Count > 0 && _finishReason is not null)
        {
            // The tools run next, for as long as they like: what was asked of them is stored before.
            Close(completed, null);
        }
    }

    /// <summary>Ends the message in progress. An answer that is empty is a message too.</summary>
    public void Complete(List<NewMessage> completed)
    {
        Close(completed, null);
        if (_last is null || _last.Role != "assistant")
            Append(completed, new NewMessage { Role = "assistant", Content = "", FinishReason = _finishReason ?? "stop" });
    }

    /// <summary>Ends the message in progress, if there is any, before its end.</summary>
    public void BreakOff(string finishReason, List<NewMessage> completed) => Close(completed, finishReason);

    private void Add(AIContent content, List<NewMessage> completed, List<ChatEvent> happened)
    {
        switch (content)
        {
            case TextContent { Text.Length: > 0 } text:
                Say(text.Text, happened);
                break;
            case ErrorContent { ErrorCode: "Refusal", Message.Length: > 0 } refusal:
                Say(refusal.Message, happened);
                break;
            case TextReasoningContent { Text.Length: > 0 } reasoning:
                Think(reasoning.Text);
                break;
            case FunctionCallContent call when !_callIds.Contains(call.CallId):
                Ask(call, happened);
                break;
            case FunctionResultContent result:
                Close(completed, null);
                _lastCall = null;
                _unanswered.Remove(result.CallId);
                var asked = _asked.GetValueOrDefault(result.CallId) ?? new ToolStarted(result.CallId, "", "{}", "");
                var answer = ToolCallJson.ResultText(result);
                limit.CountResult(answer);
                Append(completed, new NewMessage { Role = "tool", Content = answer, ToolCallId = result.CallId, ToolName = asked.Name });
                happened.Add(new ToolCompleted(
                    result.CallId, asked.Name, asked.Arguments, asked.Preview, ToolCallJson.Shorten(answer, MaxResultPreview))
                {
                    HasFailed = result.Exception is not null || answer == NotFound(asked.Name),
                });
                break;
            case UsageContent usage:
                _usage.Add(usage.Details);
                (_lastCall ??= new UsageDetails()).Add(usage.Details);
                break;
        }
    }

    // What Microsoft.Extensions.AI tells a model that calls what is not there: of this failure there is no exception.
    private static string NotFound(string tool) => $"Error: Requested function \"{tool}\" not found.";

    private static string Join(List<string> pieces) => string.Concat(CollectionsMarshal.AsSpan(pieces));

    /// <summary>Notes that the model speaks: whatever it asked for in the message before, it does not wait for it any more.</summary>
    private void GoOn()
    {
        if (_calls.Count == 0)
            _unanswered.Clear();
    }

    private void Say(string text, List<ChatEvent> happened)
    {
        GoOn();
        text = limit.Take(text);
        if (text.Length > 0)
        {
            _text.Add(text);
            happened.Add(new TextDelta(text));
        }
    }

    private void Think(string text)
    {
        GoOn();
        text = limit.Take(text);
        if (text.Length > 0)
            _reasoning.Add(text);
    }

    private void Ask(FunctionCallContent call, List<ChatEvent> happened)
    {
        GoOn();
        var arguments = ToolCallJson.ArgumentsText(call);
        if (!limit.TakeWhole(arguments))
            return;

        var started = new ToolStarted(call.CallId, call.Name, arguments, ToolCallJson.Preview(call));
        _calls.Add(call);
        _callIds.Add(call.CallId);
        _unanswered.Add(call.CallId);
        _asked[call.CallId] = started;
        happened.Add(started);
    }

    private void Close(List<NewMessage> completed, string? finishReason)
    {
        if (IsOpen)
        {
            Append(completed, new NewMessage
            {
                Role = "assistant",
                Content = Join(_text),
                Reasoning = _reasoning.Count > 0 ? Join(_reasoning) : null,
                ToolCalls = _calls.Count > 0 ? ToolCallJson.Write(_calls) : null,
                FinishReason = finishReason ?? _finishReason ?? (_calls.Count > 0 ? "tool_calls" : "stop"),
            });
            _text.Clear();
            _reasoning.Clear();
            _calls.Clear();
            _callIds.Clear();
        }

        _messageId = null;
        _finishReason = null;
    }

    private void Append(List<NewMessage> completed, NewMessage message)
    {
        ModelCalls += message.Role == "assistant" ? 1 : 0;
        _last = message;
        completed.Add(message);
    }
}
