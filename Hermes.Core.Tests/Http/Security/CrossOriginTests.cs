using Hermes.Core.Http.Security;

namespace Hermes.Core.Tests.Http.Security;

public class CrossOriginTests
{
    [Theory]
    [InlineData("https://ui.example", "https://ui.example")]
    [InlineData("HTTPS://UI.Example", "https://ui.example")]
    [InlineData("https://ui.example/", "https://ui.example")]
    [InlineData("https://ui.example:443", "https://ui.example")]
    [InlineData("http://ui.example:80/", "http://ui.example")]
    [InlineData("http://ui.example:443", "http://ui.example:443")]
    [InlineData("  http://localhost:3000 ", "http://localhost:3000")]
    [InlineData("http://127.0.0.1:5173", "http://127.0.0.1:5173")]
    [InlineData("http://[::1]:5173", "http://[::1]:5173")]
    [InlineData("http://[0:0::0:1]/", "http://[::1]")]
    [InlineData("https://b\u00fccher.example", "https://xn--bcher-kva.example")]
    [InlineData("chrome-extension://abcdefghijklmnop", "chrome-extension://abcdefghijklmnop")]
    [InlineData("moz-extension://0f1e2d3c-0000-4000-8000-000000000001/", "moz-extension://0f1e2d3c-0000-4000-8000-000000000001")]
    [InlineData("capacitor://localhost", "capacitor://localhost")]
    [InlineData("tauri://localhost", "tauri://localhost")]
    public void Normalize_Origin_IsInABrowsersForm(string text, string expected) => Assert.Equal(expected, CrossOrigin.Normalize(text));

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("null")]
    [InlineData("ui.example")]
    [InlineData("ui.example:443")]
    [InlineData("localhost:3000")]
    [InlineData("https://")]
    [InlineData("https://ui.example/path")]
    [InlineData("https://ui.example?x=1")]
    [InlineData("https://ui.example/#x")]
    [InlineData("https://user@ui.example")]
    [InlineData("https://*.example")]
    [InlineData("file:///home")]
    [InlineData("mailto:ada@ui.example")]
    public void Normalize_AnythingElse_IsNone(string text) => Assert.Null(CrossOrigin.Normalize(text));
}
