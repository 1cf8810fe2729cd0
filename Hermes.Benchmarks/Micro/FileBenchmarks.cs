using System.IO.Abstractions;
using BenchmarkDotNet.Attributes;
using Hermes.Benchmarks.Homes;
using Hermes.Core.Configuration;
using Hermes.Core.Memory;
using Hermes.Core.Skills;
using Hermes.Core.Yaml;

namespace Hermes.Benchmarks.Micro;

/// <summary>The files of a home: 300 skills, full memory files, a config.yaml of about 200 lines.</summary>
[MemoryDiagnoser]
public class FileBenchmarks : IDisposable
{
    private readonly FileSystem _fileSystem = new();
    private BenchmarkHome _home = null!;
    private SkillCatalog _skills = null!;
    private MemoryReader _memory = null!;
    private string _config = null!;

    /// <summary>Reads everything once.</summary>
    [GlobalSetup]
    public void Open()
    {
        _home = BenchmarkHome.Get(10_000);
        _skills = new SkillCatalog(_home.Home, _fileSystem);
        _memory = new MemoryReader(_home.Home, _fileSystem);
        _config = File.ReadAllText(_home.Home.ConfigFile);
    }

    /// <summary>Closes what was opened.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _skills.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Parses config.yaml.</summary>
    [Benchmark]
    public object? Yaml() => YamlLoader.Load(_config);

    /// <summary>Writes of config.yaml what may be shown.</summary>
    [Benchmark]
    public object Config() => new SafeConfig(_home.Home, _fileSystem).ReadShown();

    /// <summary>Finds that none of the skills changed.</summary>
    [Benchmark]
    public async Task<long> SkillsUnchanged() => (await _skills.ListAsync()).Count;

    /// <summary>Reads all skills for the first time.</summary>
    [Benchmark]
    public async Task<long> SkillsFirst()
    {
        using var skills = new SkillCatalog(_home.Home, _fileSystem);
        return (await skills.ListAsync()).Count;
    }

    /// <summary>Finds that the memory did not change.</summary>
    [Benchmark]
    public async Task<long> MemoryUnchanged() => (await _memory.ReadAsync()).Memory.Length;
}
