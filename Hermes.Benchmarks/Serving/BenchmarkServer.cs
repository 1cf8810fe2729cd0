using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace Hermes.Benchmarks.Serving;

/// <summary>An app as its users write it, with static answers to compare with beside.</summary>
internal static class BenchmarkServer
{
    public const string Key = "benchmark-key-0123456789";

    public static async Task<int> RunAsync(string home)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHermes(options =>
        {
            options.Home = home;
            options.Api.Key = Key;
        });
        builder.Services.AddSingleton<IChatClient, InstantChatClient>();

        await using var app = builder.Build();
        app.MapHermesApi();
        MapStatic(app);

        await app.StartAsync();
        await Console.Out.WriteLineAsync($"{ServerProcess.Greeting}{app.Urls.First()}");

        // The input ends with whoever started this.
        await Console.In.ReadToEndAsync();
        return 0;
    }

    // The least that a server can do: bytes that were never anything else, for everybody.
    private static void MapStatic(WebApplication app)
    {
        var answers = new ConcurrentDictionary<string, byte[]>();
        app.MapGet("/static/{length:int}", http =>
        {
            var body = answers.GetOrAdd((string)http.Request.RouteValues["length"]!, length => new byte[int.Parse(length, System.Globalization.CultureInfo.InvariantCulture)]);
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = body.Length;
            return http.Response.Body.WriteAsync(body).AsTask();
        });
    }
}
