using Hermes.Host;
using Microsoft.Extensions.AI;

try
{
    var line = CommandLine.Parse(args);
    if (line.Print is { } text)
    {
        await Console.Out.WriteLineAsync(text);
        return 0;
    }

    using var demo = line.IsDemo ? new DemoHome() : null;

    // appsettings.json lies beside the program, wherever that is started from.
    var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = line.Settings, ContentRootPath = AppContext.BaseDirectory });
    builder.AddGatewaySettings(demo?.Path);
    builder.Services.AddHermes().AddOpenApiDocument();
    builder.Services.AddHermesChatClient().UseFunctionInvocation().UseOpenTelemetry().UseLogging();
    builder.Services.AddHostedService<StartupReport>();

    await using var app = builder.Build();
    app.MapHermesApi();
    app.MapHermesNotFound();
    app.MapOpenApi("/openapi/{documentName}.json");
    if (demo is not null)
        await DemoHome.FillAsync(app.Services);

    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (StartFailure.Explain(exception) is { } explanation)
{
    await Console.Error.WriteLineAsync(explanation);
    return 1;
}
