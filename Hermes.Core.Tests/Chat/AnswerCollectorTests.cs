using Hermes.Core.Chat;
using Microsoft.Extensions.AI;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Tests.Chat;

public class AnswerCollectorTests
{
    [Fact]
    public void Complete_LongAnswerThatBrokeOff_ItsTextsAreMadeOnce()
    {
        var piece = new string('x', 10_000);
        var collector = new AnswerCollector(new AnswerLimit(int.MaxValue, long.MaxValue));
        var updates = Enumerable.Range(0, 100)
            .Select(_ => new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent(piece), new TextContent(piece)]))
            .ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();

        foreach (var update in updates)
            collector.Add(update);

        collector.Complete("length");

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var message = Assert.Single(collector.Completed);
        Assert.Equal(100 * piece.Length, message.Content!.Length);
        Assert.Equal(message.Content, message.Reasoning);
        Assert.All(collector.Happened, told => Assert.Same(piece, Assert.IsType<TextDelta>(told).Text));
        Assert.InRange(allocated, 0, (long)(2 * sizeof(char) * message.Content.Length * 1.25));
    }
}
