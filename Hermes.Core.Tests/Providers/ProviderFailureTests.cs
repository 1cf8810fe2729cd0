using System.ClientModel;
using Hermes.Core.Chat;
using Hermes.Providers;

namespace Hermes.Core.Tests.Providers;

public class ProviderFailureTests
{
    [Fact]
    public void Explain_OneAlready_IsTheSame()
    {
        var known = new ChatProviderException("m", 429);

        Assert.Same(known, ProviderChatClient.Explain(known));
    }

    [Fact]
    public void Explain_NetworkFailure_HasItAsItsCause()
    {
        var cause = new HttpRequestException("no route");

        var exception = ProviderChatClient.Explain(cause);

        Assert.Same(cause, exception.InnerException);
        Assert.Null(exception.Status);
    }

    [Theory]
    [MemberData(nameof(WithWords))]
    public void Explain_ExceptionWithTheProvidersWords_HasNoneOfThem(Exception thrown)
    {
        var exception = ProviderChatClient.Explain(thrown);

        Assert.Null(exception.InnerException);
        Assert.DoesNotContain("SECRET", exception.ToString(), StringComparison.Ordinal);
    }

    public static TheoryData<Exception> WithWords() => [new ClientResultException("SECRET"), new FormatException("SECRET"), new InvalidOperationException("SECRET")];
}
