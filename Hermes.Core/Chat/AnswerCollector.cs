using System.Runtime.InteropServices;
using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Chat;

/// <summary>Puts the updates of a model's stream together to messages, as far as the limit goes, and says what happened meanwhile. For one thread.</summary>
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
    private string? _model, _messageId, _finishReason;
    private int _modelCalls;
    private NewMessage? _last;

    /// <summary>The messages that are whole, in order, until whoever stores them clears the list.</summary>
    public List<NewMessage> Completed { get; } = [];
    /// <summary>What there is to tell once <see cref="Completed"/> is stored, until whoever tells it clears the list.</summary>
    public List<ChatEvent> Happened { get; } = [];
    /// <summary>Whether what the model asked for last waits for its tools: then it is not the model that says nothing.</summary>
    public bool IsWaitingForTools => _unanswered.Count > 0;

    private NewMessage? Answer => _last is { Role: "assistant" } ? _last : null;

    public void Add(ChatResponseUpdate update)
    {
        limit.CountUpdate(update.Contents.Count);
        _model = update.ModelId ?? _model;
        var isNext = update.MessageId is not null && _messageId is not null && update.MessageId != _messageId;
        if (isNext || update.Role == ChatRole.Tool)
        {
            Close();
            _lastCall = null;
        }

        _messageId = update.MessageId ?? _messageId;
        foreach (var content in update.Contents)
            Add(content);

        // The tools run next, for as long as they like: what was asked of them is stored before.
        _finishReason = update.FinishReason?.Value ?? _finishReason;
        if (_calls.Count > 0 && _finishReason is not null)
            Close();
    }

    /// <summary>Ends the message in progress, for the reason why it broke off, if it did. An answer that is empty is a message too, unless it broke off.</summary>
    public void Complete(string? brokenOff)
    {
        Close(brokenOff);
        if (brokenOff is null && Answer is null)
            Append(new NewMessage { Role = "assistant", Content = "", FinishReason = _finishReason ?? "stop" });
    }

    /// <summary>What the turn adds to its session; without a model's own word, the one that was asked answered.</summary>
    public SessionUsage Usage(string? askedModel) => new(_usage.InputTokenCount ?? 0, _usage.OutputTokenCount ?? 0, _model ?? askedModel)
    {
        ContextTokens = _lastCall is null ? null : (_lastCall.InputTokenCount ?? 0) + (_lastCall.OutputTokenCount ?? 0),
    };

    /// <summary>How the turn ended, as far as the answer knows.</summary>
    public ChatOutcome Outcome(string? brokenOff) => new()
    {
        Text = Answer?.Content ?? "",
        Reasoning = Answer?.Reasoning,
        FinishReason = brokenOff ?? Answer?.FinishReason ?? "stop",
        PendingToolCalls = brokenOff is null ? Answer?.ToolCalls : null,
        Model = _model,
        ModelCalls = _modelCalls,
        InputTokens = _usage.InputTokenCount ?? 0,
        OutputTokens = _usage.OutputTokenCount ?? 0,
        TotalTokens = _usage.TotalTokenCount ?? (_usage.InputTokenCount ?? 0) + (_usage.OutputTokenCount ?? 0),
    };

    private void Add(AIContent content)
    {
        if (content is TextContent { Text.Length: > 0 } text)
            Say(text.Text);
        else if (content is ErrorContent { ErrorCode: "Refusal", Message.Length: > 0 } refusal)
            Say(refusal.Message);
        else if (content is TextReasoningContent { Text.Length: > 0 } reasoning)
            Take(reasoning.Text, _reasoning);
        else if (content is FunctionCallContent call && !_callIds.Contains(call.CallId))
            Ask(call);
        else if (content is FunctionResultContent result)
            Answered(result);
        else if (content is UsageContent usage)
            Count(usage.Details);
    }

    private void Say(string text)
    {
        if (Take(text, _text) is { Length: > 0 } taken)
            Happened.Add(new TextDelta(taken));
    }

    private void Count(UsageDetails usage)
    {
        _usage.Add(usage);
        (_lastCall ??= new UsageDetails()).Add(usage);
    }

    private string Take(string text, List<string> pieces)
    {
        GoOn();
        text = limit.Take(text);
        if (text.Length > 0)
            pieces.Add(text);

        return text;
    }

    // The model speaks: whatever it asked for in the message before, it does not wait for it any more.
    private void GoOn()
    {
        if (_calls.Count == 0)
            _unanswered.Clear();
    }

    private void Ask(FunctionCallContent call)
    {
        GoOn();
        var arguments = ToolCallJson.ArgumentsText(call);
        if (!limit.TakeWhole(arguments)) return;

        var started = new ToolStarted(call.CallId, call.Name, arguments, ToolCallJson.Preview(call));
        _calls.Add(call);
        _callIds.Add(call.CallId);
        _unanswered.Add(call.CallId);
        _asked[call.CallId] = started;
        Happened.Add(started);
    }

    private void Answered(FunctionResultContent result)
    {
        Close();
        _lastCall = null;
        _unanswered.Remove(result.CallId);
        var (id, tool, arguments, preview) = _asked.GetValueOrDefault(result.CallId) ?? new ToolStarted(result.CallId, "", "{}", "");
        var answer = ToolCallJson.ResultText(result);
        limit.CountResult(answer);
        Append(new NewMessage { Role = "tool", Content = answer, ToolCallId = id, ToolName = tool });

        // What Microsoft.Extensions.AI tells a model that calls what is not there: of this failure there is no exception.
        var hasFailed = result.Exception is not null || answer == $"Error: Requested function \"{tool}\" not found.";
        Happened.Add(new ToolCompleted(id, tool, arguments, preview, ToolCallJson.Shorten(answer, MaxResultPreview), hasFailed));
    }

    private void Close(string? finishReason = null)
    {
        if (_text.Count > 0 || _reasoning.Count > 0 || _calls.Count > 0)
        {
            Append(new NewMessage
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

        _messageId = _finishReason = null;

        static string Join(List<string> pieces) => string.Concat(CollectionsMarshal.AsSpan(pieces));
    }

    private void Append(NewMessage message)
    {
        _modelCalls += message.Role == "assistant" ? 1 : 0;
        _last = message;
        Completed.Add(message);
    }
}
