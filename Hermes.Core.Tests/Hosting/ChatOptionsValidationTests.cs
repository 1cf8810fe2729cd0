using Hermes.Core.Chat;
using Hermes.Core.Tests.Support;
using Microsoft.Extensions.Options;

namespace Hermes.Core.Tests.Hosting;

public class ChatOptionsValidationTests
{
    public static TheoryData<Action<HermesChatOptions>, string> Wrong => new()
    {
        { options => options.ModelTimeout = TimeSpan.Zero, "Hermes:Chat:ModelTimeout" },
        { options => options.ModelTimeout = Timeout.InfiniteTimeSpan, "Hermes:Chat:ModelTimeout" },
        { options => options.ModelTimeout = TimeSpan.MaxValue, "Hermes:Chat:ModelTimeout" },
        { options => options.MaxAnswerLength = 0, "Hermes:Chat:MaxAnswerLength" },
        { options => options.MaxRunBytes = -1, "Hermes:Chat:MaxRunBytes is less than 16384" },
        { options => options.MaxRunBytes = 1, "Hermes:Chat:MaxRunBytes is less than 16384" },
        { options => options.MaxRunBytes = 16383, "Hermes:Chat:MaxRunBytes is less than 16384" },
        { options => options.ModelTimeout = TimeSpan.FromMilliseconds(1), "Hermes:Chat:ModelTimeout is not between 00:00:01" },
        { options => options.LeaseTimeout = TimeSpan.FromSeconds(-1), "Hermes:Chat:LeaseTimeout is not between 0" },
        { options => options.DisconnectGrace = TimeSpan.FromSeconds(-1), "Hermes:Chat:DisconnectGrace is not between 0" },
        { options => options.ShutdownGrace = TimeSpan.FromSeconds(-1), "Hermes:Chat:ShutdownGrace is not between 0" },
        { options => options.MaxConcurrentTurns = 0, "Hermes:Chat:MaxConcurrentTurns" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Start_LimitThatCannotWork_IsRefusedWithItsCure(Action<HermesChatOptions> change, string name)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => HermesServer.StartAsync(options => change(options.Chat)));

        var line = Assert.Single(failure.Failures);
        Assert.StartsWith(name, line, StringComparison.Ordinal);
        Assert.Contains("Write ", line, StringComparison.Ordinal);
    }
}
