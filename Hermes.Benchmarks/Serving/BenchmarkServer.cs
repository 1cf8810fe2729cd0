using System.Collections.Concurrent;
using System.Globalization;
using Hermes.Core.Http.Endpoints;
using Hermes.Core.Http.Security;
using Hermes.Core.Http.Wire;
using Microsoft.Extensions.AI;

namespace Hermes.Benchmarks.Serving;

/// <summary>
/// What the host is, with endpoints to compare with beside: they answer bytes that were never anything else, through the same
/// checks, with the same headers.
/// </summary>
internal static class BenchmarkServer
{
    public const string Key = "benchmark-key-0123456789";

    public static async Task<int> RunAsync(string home)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHermes(options =>
        {
            options.Home = home;
            options.Api.Key = Key;
        }).AddOpenApiDocument();
        builder.Services.AddSingleton<IChatClient, InstantChatClient>();

        await using var app = builder.Build();
        app.MapHermesApi();
        app.MapHermesNotFound();
        app.MapOpenApi("/openapi/{documentName}.json");
        MapStatic(app);
        app.MapGet("/allocated", () => TypedResults.Text(GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture)));

        await app.StartAsync();
        await Console.Out.WriteLineAsync($"{ServerProcess.Greeting}{app.Urls.First()}");

        // The input ends with whoever started this.
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static void MapStatic(WebApplication app)
    {
        var answers = new ConcurrentDictionary<int, JsonAnswer>();
        var routes = app.MapGroup("");
        routes.GuardAccess(app.Services.GetRequiredService<AccessRules>());
        routes.MapGet("/static/{length:int}", (int length) => answers.GetOrAdd(length, Answer))
            .WithMetadata(new HermesEndpoint(ErrorShape.Text))
            .AddEndpointFilterFactory((factory, next) =>
            {
                var errors = factory.ApplicationServices.GetRequiredService<ErrorFilter>();
                return context => errors.InvokeAsync(context, next);
            });
    }

    private static JsonAnswer Answer(int length)
    {
        var body = new byte[length];
        body.AsSpan().Fill((byte)' ');
        return new JsonAnswer(StatusCodes.Status200OK, body) { Tag = "never-changes" };
    }
}
