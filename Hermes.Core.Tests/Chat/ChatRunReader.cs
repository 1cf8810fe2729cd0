using Hermes.Core.Chat;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Tests.Chat;

internal static class ChatRunReader
{
    /// <summary>Reads the events from a number on, until the run ends.</summary>
    public static async IAsyncEnumerable<ChatEvent> ReadAsync(this ChatRun run, int from = 0)
    {
        for (var number = from; ; number++)
        {
            ChatEvent? happened;
            while (!run.TryGetEvent(number, out happened))
                await run.WaitForEventAsync(number);

            yield return happened;
            if (happened is TurnEnded) yield break;
        }
    }
}
