using Hermes.Core.Chat;
using Hermes.Core.Sessions;
using Hermes.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Hermes.Core.Tests.Chat;

/// <summary>An engine over a scripted model and a store in memory.</summary>
internal sealed class ChatFixture : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public ChatFixture(params ScriptedAnswer[] answers)
        : this(new ScriptedChatClient(answers))
    {
    }

    public ChatFixture(ScriptedChatClient model, Func<IChatClient, IChatClient>? agent = null, HermesChatOptions? options = null)
    {
        Model = model;
        var services = new ServiceCollection();
        services.AddSingleton(agent?.Invoke(model) ?? model);
        services.AddSingleton(options ?? new HermesChatOptions());
        _services = services.BuildServiceProvider();
        Engine = Create(_services);
    }

    public ScriptedChatClient Model { get; }

    public InMemorySessionStore Store { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public ChatEngine Engine { get; }

    /// <summary>An engine over other services, with this fixture's store and clock.</summary>
    public ChatEngine Create(IServiceProvider services) => new(
        Store, services.GetRequiredService<IServiceScopeFactory>(),
        services.GetService<HermesChatOptions>() ?? new HermesChatOptions(), Time, NullLogger<ChatEngine>.Instance);

    public static ChatTurnRequest Say(string text, string? sessionId = null) => new()
    {
        SessionId = sessionId,
        User = new NewMessage { Role = "user", Content = text },
    };

    public ChatRun Start(string text, string? sessionId = null, CancellationToken clientGone = default) =>
        Engine.Start(Say(text, sessionId), clientGone: clientGone);

    public Task<ChatOutcome> RunAsync(string text, string? sessionId = null) => Start(text, sessionId).Completion;

    /// <summary>The session's messages as <c>role:content</c>.</summary>
    public IEnumerable<string> Transcript(string sessionId) => Store.Messages(sessionId).Select(message => $"{message.Role}:{message.Content}");

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

/// <summary>A point in a scripted answer that a test waits for, and lets pass.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the model has come here.</summary>
    public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void Open() => _open.TrySetResult();

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        return _open.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Waits here whether or not it is cancelled, as careless tools do.</summary>
    public Task WaitStubbornlyAsync(CancellationToken cancellationToken) => WaitAsync(CancellationToken.None);
}
