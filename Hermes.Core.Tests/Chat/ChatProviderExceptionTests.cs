using System.ClientModel;
using Hermes.Core.Chat;

namespace Hermes.Core.Tests.Chat;

public class ChatProviderExceptionTests
{
    [Fact]
    public void From_OneAlready_IsTheSame()
    {
        var known = new ChatProviderException("m", 429);

        Assert.Same(known, ChatProviderException.From(known));
    }

    [Fact]
    public void From_NetworkFailure_HasItAsItsCause()
    {
        var cause = new HttpRequestException("no route");

        var exception = ChatProviderException.From(cause);

        Assert.Same(cause, exception.InnerException);
        Assert.Null(exception.Status);
    }

    [Theory]
    [MemberData(nameof(WithWords))]
    public void From_ExceptionWithTheProvidersWords_HasNoneOfThem(Exception thrown)
    {
        var exception = ChatProviderException.From(thrown);

        Assert.Null(exception.InnerException);
        Assert.DoesNotContain("SECRET", exception.ToString(), StringComparison.Ordinal);
    }

    public static TheoryData<Exception> WithWords() => [new ClientResultException("SECRET"), new FormatException("SECRET"), new InvalidOperationException("SECRET")];
}
