using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

namespace Hermes.Benchmarks.Micro;

/// <summary>The parts of an answer, each for itself.</summary>
internal static class MicroBenchmarks
{
    public static int Run(BenchmarkOptions options)
    {
        var artifacts = Path.Join(Repository.Root, "artifacts", "benchmarks");
        var arguments = options.MicroArguments is [] ? ["--filter", "*"] : options.MicroArguments;
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroBenchmarks).Assembly)
            .Run(arguments, DefaultConfig.Instance.WithArtifactsPath(artifacts));
        return summaries.All(summary => !summary.HasCriticalValidationErrors) ? 0 : 1;
    }
}
