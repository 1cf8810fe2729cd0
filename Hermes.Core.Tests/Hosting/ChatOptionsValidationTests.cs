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
        { options => options.MaxRunBytes = -1, "Hermes:Chat:MaxRunBytes" },
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
