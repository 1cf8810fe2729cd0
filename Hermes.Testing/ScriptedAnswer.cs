using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Hermes.Core.Chat;
using Microsoft.Extensions.AI;

namespace Hermes.Testing;

/// <summary>One answer of a <see cref="ScriptedChatClient"/>: what it says, asks for, waits for, and whether it fails.</summary>
/// <remarks>Immutable: each method gives a new answer with one step more, so answers can be shared and built upon.</remarks>
public sealed class ScriptedAnswer
{
    private readonly ImmutableArray<Step> _steps;

    private ScriptedAnswer(ImmutableArray<Step> steps) => _steps = steps;

    private ScriptedAnswer(ScriptedAnswer other, ImmutableArray<Step> steps)
        : this(steps) => (Usage, FinishReason, ModelId) = (other.Usage, other.FinishReason, other.ModelId);

    /// <summary>An answer with no step: the model says nothing.</summary>
    public static ScriptedAnswer Empty { get; } = new([]);

    internal UsageDetails? Usage { get; private init; }

    internal ChatFinishReason? FinishReason { get; private init; }

    internal string? ModelId { get; private init; }

    /// <summary>An answer of text.</summary>
    /// <param name="deltas">The text, in the pieces in which it is streamed.</param>
    public static ScriptedAnswer Text(params string[] deltas) => Empty.ThenText(deltas);

    /// <summary>An answer that asks for a tool.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="arguments">Its arguments by name; null for none.</param>
    /// <param name="callId">The call's id; null gives one that is unique in the answer's client.</param>
    public static ScriptedAnswer ToolCall(string name, IReadOnlyDictionary<string, object?>? arguments = null, string? callId = null) =>
        Empty.ThenToolCall(name, arguments, callId);

    /// <summary>An answer that fails at once.</summary>
    /// <param name="exception">What the client throws; a <see cref="ChatProviderException"/> carries a status.</param>
    public static ScriptedAnswer Failure(Exception exception) => Empty.ThenFail(exception);

    /// <summary>Says more.</summary>
    /// <param name="deltas">The text, in the pieces in which it is streamed.</param>
    public ScriptedAnswer ThenText(params string[] deltas) => new(this, [.. _steps, .. deltas.Select(delta => new TextStep(delta))]);

    /// <summary>Asks for a tool.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="arguments">Its arguments by name; null for none.</param>
    /// <param name="callId">The call's id; null gives one that is unique in the answer's client.</param>
    public ScriptedAnswer ThenToolCall(string name, IReadOnlyDictionary<string, object?>? arguments = null, string? callId = null) =>
        new(this, [.. _steps, new CallStep(name, arguments, callId)]);

    /// <summary>Waits, so that a test can do something in the middle of an answer.</summary>
    /// <param name="wait">Gives the task to wait for; its token is cancelled when the answer is no longer wanted.</param>
    public ScriptedAnswer ThenWait(Func<CancellationToken, Task> wait) => new(this, [.. _steps, new WaitStep(wait)]);

    /// <summary>Fails; later steps are not reached.</summary>
    /// <param name="exception">What the client throws.</param>
    public ScriptedAnswer ThenFail(Exception exception) => new(this, [.. _steps, new FailStep(exception)]);

    /// <summary>Reports token counts at the end.</summary>
    public ScriptedAnswer WithUsage(long inputTokens, long outputTokens) => new(this, _steps)
    {
        Usage = new UsageDetails { InputTokenCount = inputTokens, OutputTokenCount = outputTokens, TotalTokenCount = inputTokens + outputTokens },
    };

    /// <summary>Ends for another reason than <c>stop</c> (or <c>tool_calls</c>, where tools are asked for).</summary>
    public ScriptedAnswer WithFinishReason(string reason) => new(this, _steps) { FinishReason = new ChatFinishReason(reason) };

    /// <summary>Names the model that answers.</summary>
    public ScriptedAnswer WithModel(string modelId) => new(this, _steps) { ModelId = modelId };

    internal async IAsyncEnumerable<AIContent> PlayAsync(
        Func<string> nextCallId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var step in _steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (step)
            {
                case TextStep text:
                    yield return new TextContent(text.Text);
                    break;
                case CallStep call:
                    yield return new FunctionCallContent(
                        call.CallId ?? nextCallId(), call.Name, call.Arguments?.ToDictionary(argument => argument.Key, argument => argument.Value));
                    break;
                case WaitStep wait:
                    await wait.Wait(cancellationToken).ConfigureAwait(false);
                    break;
                case FailStep fail:
                    throw fail.Exception;
            }
        }
    }

    internal bool AsksForTools => _steps.Any(step => step is CallStep);

    private abstract record Step;

    private sealed record TextStep(string Text) : Step;

    private sealed record CallStep(string Name, IReadOnlyDictionary<string, object?>? Arguments, string? CallId) : Step;

    private sealed record WaitStep(Func<CancellationToken, Task> Wait) : Step;

    private sealed record FailStep(Exception Exception) : Step;
}
