using System.Globalization;
using Hermes.Benchmarks.Homes;
using Hermes.Benchmarks.Load;
using Hermes.Benchmarks.Reporting;
using Hermes.Benchmarks.Serving;

namespace Hermes.Benchmarks.Scenarios;

/// <summary>Everything that is measured on a running server, in the order of the report.</summary>
internal static class MeasuredRun
{
    public static async Task<int> RunAsync(BenchmarkOptions options)
    {
        if (!OperatingSystem.IsLinux())
        {
            await Console.Error.WriteLineAsync("The figures come from /proc, which only Linux has.");
            return 2;
        }

        if (!Wrk.IsInstalled)
        {
            await Console.Error.WriteLineAsync(Wrk.HowToInstall);
            return 2;
        }

        var homes = BenchmarkOptions.Sizes.Where(size => size <= options.Sessions).Select(BenchmarkHome.Get).ToList();
        var usual = homes.LastOrDefault(home => home.Sessions == 10_000) ?? homes[^1];
        Console.WriteLine("publishing the host");
        var jit = await HostBuild.PublishAsync();
        var (aot, problem) = await HostBuild.PublishNativeAsync();

        var report = new Report(options);
        await EndpointScenario.RunAsync(usual, options, report);
        await GrowthScenario.RunAsync(homes, options, report);
        await WriterScenario.RunAsync(usual, options, report);
        await HealthScenario.RunAsync(usual, options, report);
        await StartScenario.RunAsync(usual, [jit, .. aot is null ? [] : new[] { aot }], problem, report);
        if (options.SoakMinutes > 0)
        {
            await SoakScenario.RunAsync(usual, jit, options, report);
        }

        var file = options.Out ?? Path.Join(Repository.Root, "Hermes.Benchmarks", "RESULTS.md");
        await File.WriteAllTextAsync(file, await report.ToMarkdownAsync());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"written to {file}"));
        return 0;
    }
}
