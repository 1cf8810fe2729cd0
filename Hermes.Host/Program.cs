using Hermes.Host;

try
{
    using var demo = args.Contains(DemoHome.Switch) ? new DemoHome() : null;
    var builder = WebApplication.CreateSlimBuilder([.. args.Where(argument => argument != DemoHome.Switch)]);
    builder.AddReferenceSettings(demo?.Path);
    builder.Services.AddHermes();
    builder.Services.AddHostedService<StartupReport>();

    await using var app = builder.Build();
    app.MapHermesApi();
    app.MapHermesNotFound();
    app.MapOpenApi("/openapi/{documentName}.json");
    await (demo?.FillAsync(app.Services) ?? Task.CompletedTask);
    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (StartFailure.Explain(exception) is { } explanation)
{
    await Console.Error.WriteLineAsync(explanation);
    return 1;
}
