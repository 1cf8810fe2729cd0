using Hermes.Core.Chat;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Tests.Chat;

internal static class RunLogReader
{
    /// <summary>Reads the events from a number on, until the run ends.</summary>
    public static async IAsyncEnumerable<ChatEvent> ReadAsync(this RunLog log, int from = 0)
    {
        for (var number = from; ; number++)
        {
            ChatEvent? happened;
            while (!log.TryGet(number, out happened))
                await log.WaitAsync(number);

            yield return happened;
            if (happened is TurnEnded) yield break;
        }
    }
}
