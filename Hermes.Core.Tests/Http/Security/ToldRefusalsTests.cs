using System.Collections.Concurrent;
using System.Net;
using Hermes.Core.Http.Security;
using Hermes.Core.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Hermes.Core.Tests.Http.Security;

public class ToldRefusalsTests
{
    [Fact]
    public async Task ForeignOrigin_IsToldOnceWithTheLineThatAdmitsIt()
    {
        var log = new Lines();
        await using var server = await StartAsync(log);

        for (var time = 0; time < 3; time++)
            Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(server, "Origin", "https://ui.example"));

        Assert.Equal(
            "A page of https://ui.example was refused. To admit it, list it: Hermes:Api:CorsOrigins=https://ui.example (API_SERVER_CORS_ORIGINS=https://ui.example for the host)",
            Assert.Single(log.Warnings));
        await AskAsync(server, "Origin", "https://other.example");
        Assert.Equal(2, log.Warnings.Count);
    }

    [Fact]
    public async Task OwnOriginBehindAProxyThatEndsTls_SaysWhy()
    {
        var log = new Lines();
        await using var server = await StartAsync(log);

        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(server, "Origin", $"https://{server.Address.Authority}"));

        var line = Assert.Single(log.Warnings);
        Assert.Contains("a proxy takes TLS off", line, StringComparison.Ordinal);
        Assert.Contains($"Hermes:Api:CorsOrigins=https://{server.Address.Authority}", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OriginOfAFile_SaysThatNoListCanNameIt()
    {
        var log = new Lines();
        await using var server = await StartAsync(log);

        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(server, "Origin", "null"));

        Assert.Contains("No list can name it", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForeignHostWithoutAKey_IsToldOnceWithTheLineThatAdmitsIt()
    {
        var log = new Lines();
        await using var server = await StartAsync(log, key: null);

        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(server, "Host", "hermes.lan:8642"));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(server, "Host", "HERMES.lan"));

        var line = Assert.Single(log.Warnings);
        Assert.Contains("Hermes:Api:AllowedHosts=hermes.lan", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyOrigins_AreNotAllTold()
    {
        var log = new Lines();
        await using var server = await StartAsync(log);

        for (var number = 0; number < AccessCheck.MaxTold + 20; number++)
            await AskAsync(server, "Origin", $"https://{number}.example");

        await AskAsync(server, "Origin", $"https://{new string('a', 300)}.example");
        Assert.Equal(AccessCheck.MaxTold, log.Warnings.Count);
    }

    [Fact]
    public async Task ListedOriginsAndKnownNames_AreNotTold()
    {
        var log = new Lines();
        await using var server = await HermesServer.StartAsync(
            options => options.Api.CorsOrigins = ["HTTPS://UI.example:443"], configure: builder => builder.Logging.AddProvider(log));

        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, "Origin", "https://ui.example"));
        Assert.Empty(log.Warnings);
    }

    private static Task<HermesServer> StartAsync(Lines log, string? key = HermesServer.Key) =>
        HermesServer.StartAsync(options => options.Api.Key = key, configure: builder => builder.Logging.AddProvider(log));

    private static async Task<HttpStatusCode> AskAsync(HermesServer server, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/memory");
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await server.Client.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>Keeps the warnings of the library.</summary>
    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Warnings { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Warnings.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
