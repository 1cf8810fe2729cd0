using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Hermes.Testing;

/// <summary>A model for tests: it answers from a script, streams in the pieces that you choose, and remembers what it was asked.</summary>
/// <remarks>
/// Safe for use from any thread. Put <c>UseFunctionInvocation()</c> around it to test an agent with tools: the scripted tool call is
/// run, and the next answer of the script follows it.
/// </remarks>
public sealed class ScriptedChatClient : IChatClient
{
    private readonly Lock _gate = new();
    private readonly Queue<ScriptedAnswer> _inOrder = new();
    private readonly List<(Func<ScriptedRequest, bool> Matches, ScriptedAnswer Answer)> _byPredicate = [];
    private readonly List<ScriptedRequest> _requests = [];
    private int _messages;
    private int _calls;

    /// <summary>Makes a client that gives these answers, one per request, in this order.</summary>
    public ScriptedChatClient(params ScriptedAnswer[] answers)
    {
        foreach (var answer in answers)
            _inOrder.Enqueue(answer);
    }

    /// <summary>What it was asked so far, oldest first.</summary>
    public IReadOnlyList<ScriptedRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>How many answers of the order are not given yet; 0 at the end of a test says that all of the script was played.</summary>
    public int Remaining
    {
        get
        {
            lock (_gate)
            {
                return _inOrder.Count;
            }
        }
    }

    /// <summary>Puts an answer at the end of the order.</summary>
    /// <returns>This client, so that calls can be chained.</returns>
    public ScriptedChatClient Then(ScriptedAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        lock (_gate)
        {
            _inOrder.Enqueue(answer);
        }

        return this;
    }

    /// <summary>Gives an answer to every request that matches, as often as one comes; it goes before the answers in order.</summary>
    /// <param name="matches">Says which requests; of several that match, the first one given counts.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>This client, so that calls can be chained.</returns>
    public ScriptedChatClient When(Func<ScriptedRequest, bool> matches, ScriptedAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(matches);
        ArgumentNullException.ThrowIfNull(answer);
        lock (_gate)
        {
            _byPredicate.Add((matches, answer));
        }

        return this;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The script has no answer left: add one with <see cref="Then"/> or <see cref="When"/>.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The script has no answer left: add one with <see cref="Then"/> or <see cref="When"/>.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var answer = Choose(new ScriptedRequest([.. messages.Select(message => message.Clone())], options?.Clone()));
        var messageId = $"scripted-message-{Interlocked.Increment(ref _messages)}";
        ChatResponseUpdate Update(params IList<AIContent> contents) => new(ChatRole.Assistant, contents)
        {
            MessageId = messageId,
            ResponseId = messageId,
            ModelId = answer.ModelId,
        };

        await foreach (var content in answer.PlayAsync(() => $"scripted-call-{Interlocked.Increment(ref _calls)}", cancellationToken).ConfigureAwait(false))
        {
            yield return Update(content);
        }

        var last = Update();
        last.FinishReason = answer.FinishReason ?? (answer.AsksForTools ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop);
        if (answer.Usage is { } usage)
            last.Contents.Add(new UsageContent(usage));

        yield return last;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Does nothing: there is nothing to release, and a test can go on reading <see cref="Requests"/>.</summary>
    public void Dispose()
    {
    }

    private ScriptedAnswer Choose(ScriptedRequest request)
    {
        lock (_gate)
        {
            _requests.Add(request);
            foreach (var (matches, answer) in _byPredicate)
            {
                if (matches(request)) return answer;
            }

            return _inOrder.TryDequeue(out var next)
                ? next
                : throw new InvalidOperationException(
                    $"The script has no answer to request {_requests.Count}, whose last user message is \"{request.UserText}\". " +
                    "Add one with Then(…), or with When(…) for every request like it.");
        }
    }
}
