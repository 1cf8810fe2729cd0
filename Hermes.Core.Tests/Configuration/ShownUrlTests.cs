using Hermes.Core.Configuration;

namespace Hermes.Core.Tests.Configuration;

public class ShownUrlTests
{
    [Theory]
    [InlineData("https://h.example/v1", "https://h.example/v1")]
    [InlineData("https://user:s3cr3t@h.example:8443/v1?key=s3cr3t#s3cr3t", "https://h.example:8443/v1")]
    [InlineData("https://s3cr3t@h.example", "https://h.example")]
    [InlineData("https://u:p@s@h.example/v1", "https://h.example/v1")]
    [InlineData("http://[::1]:8080/v1", "http://[::1]:8080/v1")]
    [InlineData("https://${HOST}:${PORT}/v1", "https://${HOST}:${PORT}/v1")]
    [InlineData("${BASE_URL}", "${BASE_URL}")]
    [InlineData("https://h/a/0123456789abcdefS3/b", "https://h/a/[hidden]/b")]
    [InlineData("https://h/%73k-abcdefgh/b", "https://h/[hidden]/b")]
    [InlineData("https://h/token/abc/v1", "https://h/token/[hidden]/v1")]
    [InlineData("https://h/v1/key=abc", "https://h/v1/[hidden]")]
    [InlineData("https://api.telegram.org/bot123456:ABCdefGHI/x", "https://api.telegram.org/[hidden]/x")]
    [InlineData("https://h/openai/deployments/gpt-4o-mini/chat", "https://h/openai/deployments/gpt-4o-mini/chat")]
    [InlineData("https://x:p/29@s@h.example/v1", null)]
    [InlineData("https://u:12/29@h/v1", null)]
    [InlineData("https://u:12?29@h/v1", null)]
    [InlineData("https://u:12#29@h/v1", null)]
    [InlineData("https://h\\@evil/v1", null)]
    [InlineData("https:///v1", null)]
    [InlineData("h.example/v1", null)]
    [InlineData("not an address", null)]
    public void Of_Address_HasNoSecret(string url, string? expected) => Assert.Equal(expected, ShownUrl.Of(url));

    [Theory]
    [InlineData("https://H.example:443/v1", "https://h.example")]
    [InlineData("http://h:8080", "http://h:8080")]
    [InlineData("https://u:p@h/v1", "https://h")]
    [InlineData("ftp://h", null)]
    [InlineData("x", null)]
    [InlineData(null, null)]
    public void OriginOf_Address_IsTheSameForAllWritings(string? url, string? expected) => Assert.Equal(expected, ShownUrl.OriginOf(url));
}
