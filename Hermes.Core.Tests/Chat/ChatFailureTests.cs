using System.Net;
using Hermes.Core.Chat;
using Hermes.Core.Sessions;

namespace Hermes.Core.Tests.Chat;

public class ChatFailureTests
{
    private static readonly int[] Statuses = [400, 401, 402, 403, 404, 408, 409, 413, 422, 425, 429, 500, 502, 503, 504, 529];

    /// <summary>Every failure that there is.</summary>
    private static readonly ChatFailure[] All =
    [
        ChatFailure.Interrupted, ChatFailure.Stopped, ChatFailure.ShuttingDown, ChatFailure.NoAgent,
        .. Statuses.Select(status => ChatFailure.FromAgent(new ChatProviderException("it answered with an error", status))),
        .. Statuses.Select(status => ChatFailure.FromAgent(new HttpRequestException("no", null, (HttpStatusCode)status))),
        ChatFailure.FromAgent(new AgentStream.ModelTimeoutException()),
        ChatFailure.FromAgent(new ChatConfigurationException("no")),
        ChatFailure.FromAgent(new InvalidOperationException()),
        ChatFailure.FromStore(new SessionNotFoundException(), "id"),
        ChatFailure.FromStore(ConversationBusyException.Answering(), "id"),
        ChatFailure.FromStore(new SessionStoreUnavailableException("Session DB unavailable"), "id"),
        ChatFailure.FromStore(new InvalidOperationException(), "id"),
    ];

    [Fact]
    public void Message_FailureThatIsNotToBeTriedAgain_DoesNotAskForIt() =>
        Assert.All(All, failure => Assert.False(!failure.IsTransient && failure.Message.Contains("again", StringComparison.OrdinalIgnoreCase), $"{failure}"));

    [Fact]
    public void FromStore_SessionThatWasDeleted_IsNotToBeTriedAgain() => Assert.False(ChatFailure.FromStore(new SessionNotFoundException(), "id").IsTransient);
}
